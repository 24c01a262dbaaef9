mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  log_group_name = "/aws/events/gcbridge/dev/archive"
  rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

run "only_its_rules_may_write" {
  command = plan

  assert {
    condition = jsondecode(aws_cloudwatch_log_resource_policy.this.policy_document).Statement[1] == {
      Sid       = "RulesPutEvents"
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = "logs:PutLogEvents"
      Resource  = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/gcbridge/dev/archive:*:*"
      Condition = { ArnEquals = { "aws:SourceArn" = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"] } }
    }
    error_message = "The resource policy must let exactly the named rules put events into this log group."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_log_resource_policy.this.policy_document).Statement[0] == {
      Sid       = "CreateLogStream"
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = "logs:CreateLogStream"
      Resource  = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/gcbridge/dev/archive:*"
    }
    error_message = "EventBridge makes its log streams itself and must be allowed to, in this log group only."
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_log_resource_policy.this.policy_document).Statement) == 2
    error_message = "Nothing else may be allowed."
  }

  assert {
    condition     = output.arn == "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/gcbridge/dev/archive"
    error_message = "The ARN must follow from partition, region, account and name, without the trailing :*."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "Events must be kept 30 days by default."
  }
}

run "policy_name_of_a_slash" {
  command = plan

  variables {
    log_group_name = "/a/b#c"
  }

  assert {
    condition     = can(regex("^a-b-c-[0-9a-f]{8}$", aws_cloudwatch_log_resource_policy.this.policy_name))
    error_message = "A policy's name may hold neither '/' nor '#'."
  }
}

run "policy_name_of_a_dash" {
  command = plan

  variables {
    log_group_name = "/a-b-c"
  }

  assert {
    condition     = aws_cloudwatch_log_resource_policy.this.policy_name != run.policy_name_of_a_slash.policy_name
    error_message = "Two log groups must never share a resource policy."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition     = "AWS"
    aws_region        = "Frankfurt"
    aws_account_id    = "12345678901"
    log_group_name    = "with space"
    rule_arns         = ["arn:aws:sqs:eu-central-1:012345678901:queue"]
    retention_in_days = 31
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.log_group_name,
    var.rule_arns,
    var.retention_in_days,
  ]
}

run "a_log_group_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}

run "a_policy_longer_than_cloudwatch_logs_allows_is_refused" {
  command = plan

  variables {
    rule_arns = [for number in range(50) : "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/rule-${number}"]
  }

  expect_failures = [aws_cloudwatch_log_resource_policy.this]
}
