mock_provider "aws" {}

variables {
  aws_region            = "eu-central-1"
  aws_account_id        = "012345678901"
  rule_arns             = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
  table_name            = "events"
  function_name         = "events-writer"
  package_file          = "function/handler.py"
  package_sha256_base64 = filebase64sha256("function/handler.py")
  execution_role_name   = "events-writer-execution"
}

run "a_table_of_the_newest_events" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this[0].name == "events" && aws_dynamodb_table.this[0].hash_key == "pk" && aws_dynamodb_table.this[0].billing_mode == "PAY_PER_REQUEST"
    error_message = "The table must be the one that was named, with the key that the function writes."
  }

  assert {
    condition     = aws_dynamodb_table.this[0].point_in_time_recovery[0].enabled && aws_dynamodb_table.this[0].server_side_encryption[0].enabled
    error_message = "The table must be encrypted and recoverable."
  }

  assert {
    condition     = aws_dynamodb_table.this[0].ttl[0].attribute_name == "expires_at" && aws_dynamodb_table.this[0].ttl[0].enabled
    error_message = "DynamoDB must look for the attribute that the function writes."
  }

  assert {
    condition     = jsonencode(local.statements) == jsonencode([{ actions = ["dynamodb:PutItem"], resources = ["arn:aws:dynamodb:eu-central-1:012345678901:table/events"] }])
    error_message = "The function may put items into exactly this table."
  }

  assert {
    condition = local.environment == {
      TABLE_NAME = "events"
      KEY_PATH   = "$.detail.topicName"
      TIME_PATH  = "$.detail.eventBody.eventTime,$.detail.timestamp"
    }
    error_message = "Without further inputs the topic is the key, and Genesys's own times count."
  }

  assert {
    condition     = output.arn == "arn:aws:lambda:eu-central-1:012345678901:function:events-writer" && output.function_name == "events-writer"
    error_message = "A rule sends to the function."
  }

  assert {
    condition     = output.table_name == "events" && output.table_arn == "arn:aws:dynamodb:eu-central-1:012345678901:table/events"
    error_message = "Name and ARN of the table must be known in the plan."
  }
}

run "an_existing_table_stays_as_it_is" {
  command = plan

  variables {
    table_name = null
    table_arn  = "arn:aws:dynamodb:eu-central-1:012345678901:table/of-another-stack"
    key_path   = "$.detail.eventBody.id"
    time_path  = "$.time"
    ttl_days   = 30
  }

  assert {
    condition     = length(aws_dynamodb_table.this) == 0
    error_message = "A table that exists must not be made."
  }

  assert {
    condition     = local.statements[0].resources == [var.table_arn] && output.table_name == "of-another-stack" && output.table_arn == var.table_arn
    error_message = "The function must write to exactly the table that was given."
  }

  assert {
    condition = local.environment == {
      TABLE_NAME = "of-another-stack"
      KEY_PATH   = "$.detail.eventBody.id"
      TIME_PATH  = "$.time"
      TTL_DAYS   = "30"
    }
    error_message = "Paths and days must be those that were given."
  }
}

run "neither_table_is_refused" {
  command = plan

  variables {
    table_name = null
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "both_tables_are_refused" {
  command = plan

  variables {
    table_arn = "arn:aws:dynamodb:eu-central-1:012345678901:table/of-another-stack"
  }

  expect_failures = [output.table_arn]
}

run "a_table_elsewhere_is_refused" {
  command = plan

  variables {
    table_name = null
    table_arn  = "arn:aws:dynamodb:eu-west-1:012345678901:table/events"
  }

  expect_failures = [output.table_arn]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition         = "AWS"
    aws_region            = "Frankfurt"
    aws_account_id        = "12345678901"
    rule_arns             = []
    table_name            = "a"
    table_arn             = "events"
    key_path              = "detail.topicName"
    time_path             = "$.time, $.detail.timestamp"
    ttl_days              = 0
    function_name         = "with space"
    package_file          = ""
    package_sha256_base64 = "e3b0c442"
    execution_role_name   = "with space"
    execution_statements  = [{ actions = ["kms:*"], resources = ["arn:aws:kms:eu-central-1:012345678901:key/0f8c2a3e-1111-4222-8333-444455556666"] }]
    failure_queue_arn     = "events-dead-letter"
    log_retention_days    = 31
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.table_name,
    var.table_arn,
    var.key_path,
    var.time_path,
    var.ttl_days,
    var.function_name,
    var.package_file,
    var.package_sha256_base64,
    var.execution_role_name,
    var.execution_statements,
    var.failure_queue_arn,
    var.log_retention_days,
  ]
}
