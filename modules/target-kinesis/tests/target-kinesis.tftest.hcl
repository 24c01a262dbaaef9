mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  stream_name    = "events"
  role_name      = "gcbridge-dev-events-deliver"
  rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

run "a_stream_keeps_events_for_a_week" {
  command = plan

  assert {
    condition     = aws_kinesis_stream.this.retention_period == 168
    error_message = "Events must be kept 7 days by default."
  }

  assert {
    condition     = aws_kinesis_stream.this.stream_mode_details[0].stream_mode == "ON_DEMAND" && aws_kinesis_stream.this.shard_count == null
    error_message = "Without shard_count Kinesis must choose the number of shards."
  }

  assert {
    condition     = aws_kinesis_stream.this.encryption_type == "KMS" && aws_kinesis_stream.this.kms_key_id == "alias/aws/kinesis"
    error_message = "A stream must always be encrypted."
  }

  assert {
    condition = jsondecode(module.invoke_role.policy).Statement == [{
      Effect   = "Allow"
      Action   = ["kinesis:PutRecord", "kinesis:PutRecords"]
      Resource = "arn:aws:kinesis:eu-central-1:012345678901:stream/events"
    }]
    error_message = "The role must be able to write to this stream, and nothing else."
  }

  assert {
    condition     = output.arn == "arn:aws:kinesis:eu-central-1:012345678901:stream/events" && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-events-deliver"
    error_message = "Both ARNs must be known in the plan."
  }
}

run "inputs_reach_the_stream" {
  command = plan

  variables {
    retention_hours = 8760
    shard_count     = 2
    kms_key_arn     = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
  }

  assert {
    condition     = aws_kinesis_stream.this.retention_period == 8760 && aws_kinesis_stream.this.shard_count == 2 && aws_kinesis_stream.this.stream_mode_details[0].stream_mode == "PROVISIONED"
    error_message = "Retention and shards must be those that were given."
  }

  assert {
    condition     = aws_kinesis_stream.this.kms_key_id == "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
    error_message = "The stream must be encrypted with the key that was given."
  }

  assert {
    condition = jsondecode(module.invoke_role.policy).Statement[1] == {
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      Condition = { StringEquals = { "kms:ViaService" = "kinesis.eu-central-1.amazonaws.com" } }
    }
    error_message = "Under a customer's key the role must be able to use the key, for Kinesis only."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition   = "AWS"
    aws_region      = "Frankfurt"
    aws_account_id  = "12345678901"
    rule_arns       = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    stream_name     = "with space"
    role_name       = "with space"
    retention_hours = 23
    shard_count     = 0
    kms_key_arn     = "alias/aws/kinesis"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.stream_name,
    var.role_name,
    var.retention_hours,
    var.shard_count,
    var.kms_key_arn,
  ]
}

run "a_stream_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}
