mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  queue_name     = "events"
  rule_arns = [
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
  ]
}

run "only_its_rules_may_send" {
  command = plan

  assert {
    condition = jsondecode(aws_sqs_queue.this.policy).Statement == [{
      Sid       = "RulesSendEvents"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-central-1:012345678901:events"
      Condition = { ArnEquals = { "aws:SourceArn" = [
        "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
        "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
      ] } }
    }]
    error_message = "The queue's policy must let exactly the named rules send, and nobody else."
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled
    error_message = "A queue under alias/aws/sqs loses every event without a trace, so SSE-SQS must be on."
  }
}

run "inputs_reach_the_queue" {
  command = plan

  variables {
    aws_partition              = "aws-us-gov"
    aws_region                 = "us-gov-west-1"
    aws_account_id             = "123456789012"
    message_retention_seconds  = 60
    visibility_timeout_seconds = 0
  }

  assert {
    condition     = output.arn == "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:events"
    error_message = "The ARN must follow from partition, region, account and name."
  }

  assert {
    condition     = aws_sqs_queue.this.message_retention_seconds == 60 && aws_sqs_queue.this.visibility_timeout_seconds == 0
    error_message = "Retention and visibility timeout must be those that were given."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition              = "AWS"
    aws_region                 = "Frankfurt"
    aws_account_id             = "12345678901"
    queue_name                 = "events.fifo"
    rule_arns                  = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    message_retention_seconds  = 59
    visibility_timeout_seconds = 43201
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.queue_name,
    var.rule_arns,
    var.message_retention_seconds,
    var.visibility_timeout_seconds,
  ]
}

run "a_queue_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}

run "a_policy_longer_than_sqs_allows_is_refused" {
  command = plan

  variables {
    rule_arns = [for number in range(80) : "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/rule-${number}"]
  }

  expect_failures = [aws_sqs_queue.this]
}
