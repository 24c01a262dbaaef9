mock_provider "aws" {}

variables {
  event_bus_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"
  name           = "presence"
  event_pattern  = "{\"detail\":{\"count\":[1.0]}}"

  targets = {
    queue = {
      arn             = "arn:aws:sqs:eu-central-1:012345678901:events"
      dead_letter_arn = "arn:aws:sqs:eu-central-1:012345678901:events-dead-letter"
    }
    archive = {
      arn                       = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/archive"
      maximum_retry_attempts    = 0
      maximum_event_age_seconds = 60
    }
  }
}

run "targets_are_complete" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_target.this["queue"].dead_letter_config[0].arn == var.targets.queue.dead_letter_arn
    error_message = "What cannot be delivered must go to the target's dead-letter queue."
  }

  assert {
    condition     = aws_cloudwatch_event_target.this["queue"].retry_policy[0].maximum_retry_attempts == 185 && aws_cloudwatch_event_target.this["queue"].retry_policy[0].maximum_event_age_in_seconds == 86400
    error_message = "EventBridge must try as long as it can unless told otherwise."
  }

  assert {
    condition     = alltrue([for id, target in aws_cloudwatch_event_target.this : target.target_id == id && target.event_bus_name == var.event_bus_name])
    error_message = "Targets must carry the names that were given, on the rule's own bus."
  }

  assert {
    condition     = length(aws_cloudwatch_event_target.this["archive"].dead_letter_config) == 0
    error_message = "Without dead_letter_arn there must be no dead-letter queue."
  }

  assert {
    condition     = aws_cloudwatch_event_target.this["archive"].retry_policy[0].maximum_retry_attempts == 0 && aws_cloudwatch_event_target.this["archive"].retry_policy[0].maximum_event_age_in_seconds == 60
    error_message = "The retry policy must be what was given."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this.event_pattern == "{\"detail\":{\"count\":[1.0]}}"
    error_message = "EventBridge tells 1.0 from 1, so the pattern's text must not be encoded anew."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this.state == "ENABLED" && aws_cloudwatch_event_rule.this.description == null
    error_message = "A rule must be enabled unless told otherwise, and have no empty description."
  }
}

run "a_disabled_rule_keeps_its_targets" {
  command = plan

  variables {
    state       = "DISABLED"
    description = "quiet for now"
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this.state == "DISABLED" && length(aws_cloudwatch_event_target.this) == 2
    error_message = "Disabling a rule must change its state and nothing else."
  }
}

run "only_what_is_given_is_set" {
  command = plan

  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.this :
      target.role_arn == null && target.input == null && target.input_path == null && length(target.input_transformer) == 0 &&
      length(target.sqs_target) == 0 && length(target.kinesis_target) == 0 && length(target.http_target) == 0 && length(target.ecs_target) == 0
    ])
    error_message = "A target must receive the whole event, by its own policy, unless told otherwise."
  }
}

run "each_kind_of_target_gets_what_it_needs" {
  command = plan

  variables {
    targets = {
      fifo = {
        arn              = "arn:aws:sqs:eu-central-1:012345678901:events.fifo"
        input            = "{\"kind\":\"presence\"}"
        message_group_id = "presence"
      }
      stream = {
        arn                = "arn:aws:kinesis:eu-central-1:012345678901:stream/events"
        role_arn           = "arn:aws:iam::012345678901:role/stream-deliver"
        input_path         = "$.detail"
        partition_key_path = "$.detail.id"
      }
      api = {
        arn      = "arn:aws:events:eu-central-1:012345678901:api-destination/crm/0c6b1f6e-0000-4000-8000-000000000000"
        role_arn = "arn:aws:iam::012345678901:role/api-deliver"
        input_transformer = {
          paths    = { user = "$.detail.eventBody.id" }
          template = "{\"user\":<user>}"
        }
        http = {
          path_parameter_values   = ["users"]
          header_parameters       = { "X-Environment" = "dev" }
          query_string_parameters = { source = "genesys" }
        }
      }
      task = {
        arn      = "arn:aws:ecs:eu-central-1:012345678901:cluster/events"
        role_arn = "arn:aws:iam::012345678901:role/task-deliver"
        ecs = {
          task_definition_arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/events:1"
          subnets             = ["subnet-1", "subnet-2"]
          security_groups     = ["sg-1"]
        }
      }
    }
  }

  assert {
    condition     = aws_cloudwatch_event_target.this["fifo"].sqs_target[0].message_group_id == "presence" && aws_cloudwatch_event_target.this["fifo"].input == "{\"kind\":\"presence\"}"
    error_message = "A FIFO queue must receive the constant, in its message group."
  }

  assert {
    condition     = aws_cloudwatch_event_target.this["stream"].kinesis_target[0].partition_key_path == "$.detail.id" && aws_cloudwatch_event_target.this["stream"].input_path == "$.detail" && aws_cloudwatch_event_target.this["stream"].role_arn == "arn:aws:iam::012345678901:role/stream-deliver"
    error_message = "A stream must receive a part of the event, under its partition key, by its role."
  }

  assert {
    condition     = aws_cloudwatch_event_target.this["api"].input_transformer[0].input_paths == tomap({ user = "$.detail.eventBody.id" }) && aws_cloudwatch_event_target.this["api"].input_transformer[0].input_template == "{\"user\":<user>}"
    error_message = "The transformer must be the one that was given."
  }

  assert {
    condition = (
      aws_cloudwatch_event_target.this["api"].http_target[0].path_parameter_values == tolist(["users"]) &&
      aws_cloudwatch_event_target.this["api"].http_target[0].header_parameters == tomap({ "X-Environment" = "dev" }) &&
      aws_cloudwatch_event_target.this["api"].http_target[0].query_string_parameters == tomap({ source = "genesys" })
    )
    error_message = "An API destination must be called with the path, headers and query that were given."
  }

  assert {
    condition = (
      aws_cloudwatch_event_target.this["task"].ecs_target[0].task_definition_arn == "arn:aws:ecs:eu-central-1:012345678901:task-definition/events:1" &&
      aws_cloudwatch_event_target.this["task"].ecs_target[0].launch_type == "FARGATE" &&
      aws_cloudwatch_event_target.this["task"].ecs_target[0].task_count == 1 &&
      aws_cloudwatch_event_target.this["task"].ecs_target[0].network_configuration[0].subnets == toset(["subnet-1", "subnet-2"]) &&
      aws_cloudwatch_event_target.this["task"].ecs_target[0].network_configuration[0].security_groups == toset(["sg-1"]) &&
      !aws_cloudwatch_event_target.this["task"].ecs_target[0].network_configuration[0].assign_public_ip
    )
    error_message = "A task must run as Fargate, once, in the given subnets, without a public address."
  }
}

run "empty_http_settings_are_none" {
  command = plan

  variables {
    targets = { api = { arn = "arn:aws:events:eu-central-1:012345678901:api-destination/crm/0c6b1f6e-0000-4000-8000-000000000000", http = {} } }
  }

  assert {
    condition     = length(aws_cloudwatch_event_target.this["api"].http_target) == 0
    error_message = "EventBridge forgets empty settings, and every later plan would set them again."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    event_bus_name = "with space"
    name           = "1-begins-with-a-digit"
    description    = format("%513s", "x")
    state          = "enabled"
    event_pattern  = "[]"
    targets        = {}
  }

  expect_failures = [
    var.event_bus_name,
    var.name,
    var.description,
    var.state,
    var.event_pattern,
    var.targets,
  ]
}

run "a_sixth_target_is_refused" {
  command = plan

  variables {
    targets = { for number in range(6) : "queue-${number}" => { arn = "arn:aws:sqs:eu-central-1:012345678901:events-${number}" } }
  }

  expect_failures = [var.targets]
}

run "a_retry_policy_out_of_range_is_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", maximum_retry_attempts = 186 } }
  }

  expect_failures = [var.targets]
}

run "a_pattern_that_is_too_long_is_refused" {
  command = plan

  variables {
    event_pattern = jsonencode({ source = [for number in range(300) : "source-${number}"] })
  }

  expect_failures = [var.event_pattern]
}

run "two_kinds_of_input_are_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", input = "1", input_path = "$.detail" } }
  }

  expect_failures = [var.targets]
}

run "an_input_that_is_no_json_is_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", input = "hello" } }
  }

  expect_failures = [var.targets]
}

run "a_path_without_dollar_is_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", input_path = "detail" } }
  }

  expect_failures = [var.targets]
}

run "a_transformer_with_a_reserved_name_is_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", input_transformer = { paths = { AWSaccount = "$.account" }, template = "<AWSaccount>" } } }
  }

  expect_failures = [var.targets]
}

run "an_empty_message_group_is_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", message_group_id = "" } }
  }

  expect_failures = [var.targets]
}

run "a_task_without_a_subnet_is_refused" {
  command = plan

  variables {
    targets = { queue = { arn = "arn:aws:sqs:eu-central-1:012345678901:events", ecs = { task_definition_arn = "arn:aws:ecs:eu-central-1:012345678901:task-definition/events:1", subnets = [] } } }
  }

  expect_failures = [var.targets]
}
