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
