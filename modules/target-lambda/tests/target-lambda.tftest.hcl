mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  rule_arns = [
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
  ]
  function_name         = "events"
  package_file          = "versions.tf"
  package_sha256_base64 = filebase64sha256("versions.tf")
  handler               = "handler.lambda_handler"
  runtime               = "python3.13"
  execution_role_name   = "events-execution"
}

run "each_rule_may_invoke_and_nothing_else" {
  command = plan

  assert {
    condition     = toset(keys(aws_lambda_permission.rule)) == toset(var.rule_arns)
    error_message = "Every rule must have one permission of its own."
  }

  assert {
    condition = alltrue([for arn, permission in aws_lambda_permission.rule :
      permission.principal == "events.amazonaws.com" &&
      permission.action == "lambda:InvokeFunction" &&
      permission.function_name == "events" &&
      permission.source_arn == arn &&
      permission.source_account == null
    ])
    error_message = "A permission must let exactly its rule invoke exactly this function."
  }

  assert {
    condition     = length(distinct([for permission in aws_lambda_permission.rule : permission.statement_id])) == 2 && alltrue([for permission in aws_lambda_permission.rule : can(regex("^rule-[0-9a-f]{64}$", permission.statement_id))])
    error_message = "Statement ids must follow from the rules' ARNs, and hold what Lambda allows."
  }

  assert {
    condition     = output.arn == "arn:aws:lambda:eu-central-1:012345678901:function:events"
    error_message = "The ARN must follow from partition, region, account and name."
  }
}

run "the_function_may_write_its_log_only" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role_policy.execution.policy).Statement == [{
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/lambda/events:*"
    }]
    error_message = "Without statements of its own the function may write its log and nothing else."
  }

  assert {
    condition     = jsondecode(aws_iam_role.execution.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Lambda and nothing else must run with the role."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/events" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "The function's log must have a retention."
  }

  assert {
    condition     = length(aws_lambda_function.this.dead_letter_config) == 0 && length(aws_lambda_function.this.environment) == 0
    error_message = "Nothing that was not given must be set."
  }
}

run "inputs_reach_function_and_role" {
  command = plan

  variables {
    timeout_seconds    = 900
    memory_mb          = 10240
    environment        = { TABLE_NAME = "events" }
    failure_queue_arn  = "arn:aws:sqs:eu-central-1:012345678901:events-dead-letter"
    log_retention_days = 7
    execution_statements = [
      { actions = ["dynamodb:PutItem"], resources = ["arn:aws:dynamodb:eu-central-1:012345678901:table/events"] },
      {
        actions    = ["kms:Decrypt"]
        resources  = ["arn:aws:kms:eu-central-1:012345678901:key/0f8c2a3e-1111-4222-8333-444455556666"]
        conditions = { StringEquals = { "kms:ViaService" = ["dynamodb.eu-central-1.amazonaws.com"] } }
      },
    ]
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role_policy.execution.policy).Statement) == jsonencode([
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/lambda/events:*"
      },
      {
        Sid      = "KeepFailures"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = "arn:aws:sqs:eu-central-1:012345678901:events-dead-letter"
      },
      {
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem"]
        Resource = ["arn:aws:dynamodb:eu-central-1:012345678901:table/events"]
      },
      {
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = ["arn:aws:kms:eu-central-1:012345678901:key/0f8c2a3e-1111-4222-8333-444455556666"]
        Condition = { StringEquals = { "kms:ViaService" = ["dynamodb.eu-central-1.amazonaws.com"] } }
      },
    ])
    error_message = "The role must allow what was given, the dead-letter queue, and the log."
  }

  assert {
    condition     = aws_lambda_function.this.dead_letter_config[0].target_arn == var.failure_queue_arn
    error_message = "What the function fails to process must go to the failure queue."
  }

  assert {
    condition     = aws_lambda_function.this.timeout == 900 && aws_lambda_function.this.memory_size == 10240 && aws_lambda_function.this.environment[0].variables == tomap({ TABLE_NAME = "events" })
    error_message = "Timeout, memory and environment must be those that were given."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == var.package_sha256_base64 && aws_lambda_function.this.runtime == "python3.13" && aws_lambda_function.this.handler == "handler.lambda_handler"
    error_message = "Code, runtime and handler must be those that were given."
  }
}

run "an_action_without_a_resource_stands_alone" {
  command = plan

  variables {
    unscoped_actions = ["translate:TranslateText", "comprehend:DetectDominantLanguage", "translate:TranslateText"]
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role_policy.execution.policy).Statement[1]) == jsonencode({
      Sid      = "WhereIamKnowsNoResource"
      Effect   = "Allow"
      Action   = ["comprehend:DetectDominantLanguage", "translate:TranslateText"]
      Resource = "*"
    })
    error_message = "Exactly these actions must be allowed on everything."
  }
}

run "a_package_that_was_changed_is_refused" {
  command = plan

  variables {
    package_sha256_base64 = filebase64sha256("main.tf")
  }

  expect_failures = [aws_lambda_function.this]
}

run "a_package_that_is_missing_is_refused" {
  command = plan

  variables {
    package_file = "missing.zip"
  }

  expect_failures = [aws_lambda_function.this]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition         = "AWS"
    aws_region            = "Frankfurt"
    aws_account_id        = "12345678901"
    rule_arns             = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    function_name         = "with space"
    package_file          = ""
    package_sha256_base64 = "e3b0c442"
    handler               = "with space"
    runtime               = "python3.8"
    timeout_seconds       = 901
    memory_mb             = 127
    environment           = { "1" = "begins with a digit" }
    execution_role_name   = "with space"
    execution_statements  = [{ actions = ["dynamodb:*"], resources = ["arn:aws:dynamodb:eu-central-1:012345678901:table/events"] }]
    unscoped_actions      = ["translate:*"]
    failure_queue_arn     = "arn:aws:sqs:eu-central-1:012345678901:events.fifo"
    log_retention_days    = 31
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.function_name,
    var.package_file,
    var.package_sha256_base64,
    var.handler,
    var.runtime,
    var.timeout_seconds,
    var.memory_mb,
    var.environment,
    var.execution_role_name,
    var.execution_statements,
    var.unscoped_actions,
    var.failure_queue_arn,
    var.log_retention_days,
  ]
}

run "a_wildcard_for_every_resource_is_refused" {
  command = plan

  variables {
    execution_statements = [{ actions = ["dynamodb:PutItem"], resources = ["*"] }]
  }

  expect_failures = [var.execution_statements]
}

run "a_function_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}
