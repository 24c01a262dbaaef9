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

  assert {
    condition     = !aws_sqs_queue.this.fifo_queue && output.role_arn == null
    error_message = "A queue must be a standard queue, and need no role, unless told otherwise."
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

run "a_fifo_queue_drops_what_it_has_already" {
  command = plan

  variables {
    queue_name = "events.fifo"
    fifo       = true
  }

  assert {
    condition     = aws_sqs_queue.this.fifo_queue && aws_sqs_queue.this.content_based_deduplication
    error_message = "EventBridge sends no deduplication id, so the queue must make it from the message."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.policy).Statement[0].Resource == "arn:aws:sqs:eu-central-1:012345678901:events.fifo"
    error_message = "The policy must name the queue with .fifo."
  }
}

run "a_customers_key_takes_the_place_of_sse_sqs" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
  }

  assert {
    condition     = aws_sqs_queue.this.kms_master_key_id == "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
    error_message = "The queue must be encrypted with the key that was given."
  }

  assert {
    condition     = output.role_arn == null
    error_message = "A key alone must not make a role: a dead-letter queue cannot have one."
  }
}

run "a_role_may_send_and_use_the_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
    role_name   = "gcbridge-dev-events-deliver"
  }

  assert {
    condition     = output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-events-deliver"
    error_message = "The role's ARN must be known in the plan."
  }

  assert {
    condition = jsondecode(module.invoke_role[0].policy).Statement == [
      {
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = "arn:aws:sqs:eu-central-1:012345678901:events"
      },
      {
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
        Condition = { StringEquals = { "kms:ViaService" = "sqs.eu-central-1.amazonaws.com" } }
      },
    ]
    error_message = "The role must be able to send to this queue and to use this key for it, and nothing else."
  }
}

run "a_fifo_queue_without_fifo_in_its_name_is_refused" {
  command = plan

  variables {
    fifo = true
  }

  expect_failures = [aws_sqs_queue.this]
}

run "a_standard_queue_with_fifo_in_its_name_is_refused" {
  command = plan

  variables {
    queue_name = "events.fifo"
  }

  expect_failures = [aws_sqs_queue.this]
}

run "an_alias_is_refused" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:alias/aws/sqs"
  }

  expect_failures = [var.kms_key_arn]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition              = "AWS"
    aws_region                 = "Frankfurt"
    aws_account_id             = "12345678901"
    queue_name                 = "with space"
    rule_arns                  = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    message_retention_seconds  = 59
    visibility_timeout_seconds = 43201
    kms_key_arn                = "alias/aws/sqs"
    role_name                  = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.queue_name,
    var.rule_arns,
    var.message_retention_seconds,
    var.visibility_timeout_seconds,
    var.kms_key_arn,
    var.role_name,
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
