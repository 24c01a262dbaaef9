mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  arn            = "arn:aws:sqs:eu-central-1:012345678901:crm"
  role_name      = "gcbridge-dev-crm-deliver"
  rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

run "sqs_by_role" {
  command = plan

  variables {
    arn = "arn:aws:sqs:eu-central-1:012345678901:crm.fifo"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "sns_by_role" {
  command = plan

  variables {
    arn = "arn:aws:sns:eu-central-1:012345678901:crm"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = "sns:Publish", Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "kinesis_by_role" {
  command = plan

  variables {
    arn = "arn:aws:kinesis:eu-central-1:012345678901:stream/crm"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = ["kinesis:PutRecord", "kinesis:PutRecords"], Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "firehose_by_role" {
  command = plan

  variables {
    arn = "arn:aws:firehose:eu-central-1:012345678901:deliverystream/crm"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "step_functions_by_role" {
  command = plan

  variables {
    arn = "arn:aws:states:eu-central-1:012345678901:stateMachine:crm"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = "states:StartExecution", Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "api_destination_by_role" {
  command = plan

  variables {
    arn = "arn:aws:events:eu-central-1:012345678901:api-destination/crm/0c6b1f6e-0000-4000-8000-000000000000"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = "events:InvokeApiDestination", Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "event_bus_of_another_region_and_account_by_role" {
  command = plan

  variables {
    arn = "arn:aws:events:us-east-1:123456789012:event-bus/crm"
  }

  assert {
    condition     = jsondecode(module.invoke_role[0].policy).Statement == [{ Effect = "Allow", Action = "events:PutEvents", Resource = var.arn }]
    error_message = "The role must be able to do exactly what delivery needs."
  }

  assert {
    condition     = output.arn == var.arn && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-crm-deliver"
    error_message = "The rule must find the target and the role."
  }
}

run "an_encrypted_queue_gets_a_grant_on_its_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
  }

  assert {
    condition = jsondecode(module.invoke_role[0].policy).Statement[1] == {
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      Condition = { StringEquals = { "kms:ViaService" = "sqs.eu-central-1.amazonaws.com" } }
    }
    error_message = "The role must be able to use the queue's key, for SQS only."
  }
}

run "lambda_by_permission" {
  command = plan

  variables {
    arn       = "arn:aws:lambda:eu-central-1:012345678901:function:crm:live"
    role_name = null
    rule_arns = [
      "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
      "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
    ]
  }

  assert {
    condition = alltrue([
      for rule_arn, permission in aws_lambda_permission.this :
      permission.source_arn == rule_arn && permission.principal == "events.amazonaws.com" && permission.action == "lambda:InvokeFunction" &&
      permission.function_name == "crm" && permission.qualifier == "live"
    ]) && length(aws_lambda_permission.this) == 2
    error_message = "Each rule must be able to invoke this alias of this function."
  }

  assert {
    condition     = length(distinct([for permission in aws_lambda_permission.this : permission.statement_id])) == 2
    error_message = "Each rule must have a statement of its own."
  }

  assert {
    condition     = alltrue([for permission in aws_lambda_permission.this : permission.source_account == null])
    error_message = "AWS says that source_account keeps EventBridge from invoking a function."
  }

  assert {
    condition     = output.role_arn == null && length(aws_cloudwatch_log_resource_policy.this) == 0
    error_message = "A function needs its permission and nothing else."
  }
}

run "lambda_without_a_qualifier" {
  command = plan

  variables {
    arn = "arn:aws:lambda:eu-central-1:012345678901:function:crm"
  }

  assert {
    condition     = one(values(aws_lambda_permission.this)).function_name == "crm" && one(values(aws_lambda_permission.this)).qualifier == null
    error_message = "A function's ARN without a qualifier must mean the function itself."
  }

  assert {
    condition     = output.role_arn == null
    error_message = "EventBridge invokes a function without a role, even where a name for one is given."
  }
}

run "logs_by_resource_policy" {
  command = plan

  variables {
    arn       = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm"
    role_name = null
  }

  assert {
    condition = jsondecode(aws_cloudwatch_log_resource_policy.this[0].policy_document).Statement == [
      {
        Sid       = "CreateLogStream"
        Effect    = "Allow"
        Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
        Action    = "logs:CreateLogStream"
        Resource  = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm:*"
      },
      {
        Sid       = "RulesPutEvents"
        Effect    = "Allow"
        Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
        Action    = "logs:PutLogEvents"
        Resource  = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm:*:*"
        Condition = { ArnEquals = { "aws:SourceArn" = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"] } }
      },
    ]
    error_message = "The resource policy must let exactly the named rules put events into this log group."
  }

  assert {
    condition     = can(regex("^aws-events-crm-[0-9a-f]{8}$", aws_cloudwatch_log_resource_policy.this[0].policy_name))
    error_message = "The policy's name must tell what it is for."
  }

  assert {
    condition     = aws_cloudwatch_log_resource_policy.this[0].policy_name != "aws-events-crm-${substr(sha256("/aws/events/crm"), 0, 8)}"
    error_message = "The policy must not take the place of the one that target-log-group makes."
  }
}

run "logs_of_another_environment" {
  command = plan

  variables {
    arn       = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm"
    rule_arns = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/prod/presence"]
  }

  assert {
    condition     = aws_cloudwatch_log_resource_policy.this[0].policy_name != "aws-events-crm-${substr(sha256("arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"), 0, 8)}"
    error_message = "Two environments that write to one log group must have a policy each."
  }
}

run "logs_under_a_given_name" {
  command = plan

  variables {
    arn         = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm"
    policy_name = "gcbridge-dev-crm"
  }

  assert {
    condition     = aws_cloudwatch_log_resource_policy.this[0].policy_name == "gcbridge-dev-crm"
    error_message = "The policy's name must be the one that was given."
  }
}

run "a_policy_longer_than_cloudwatch_logs_allows_is_refused" {
  command = plan

  variables {
    arn       = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/events/crm"
    rule_arns = [for number in range(50) : "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/rule-${number}"]
  }

  expect_failures = [aws_cloudwatch_log_resource_policy.this]
}

run "another_region_is_refused" {
  command = plan

  variables {
    arn = "arn:aws:sqs:us-east-1:012345678901:crm"
  }

  expect_failures = [output.arn]
}

run "another_account_is_refused" {
  command = plan

  variables {
    arn = "arn:aws:events:eu-central-1:123456789012:api-destination/crm/0c6b1f6e-0000-4000-8000-000000000000"
  }

  expect_failures = [output.arn]
}

run "a_queue_without_a_role_is_refused" {
  command = plan

  variables {
    role_name = null
  }

  expect_failures = [output.arn]
}

run "a_key_for_what_eventbridge_does_not_encrypt_is_refused" {
  command = plan

  variables {
    arn         = "arn:aws:lambda:eu-central-1:012345678901:function:crm"
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
  }

  expect_failures = [output.arn]
}

run "a_service_that_is_no_target_is_refused" {
  command = plan

  variables {
    arn = "arn:aws:dynamodb:eu-central-1:012345678901:table/crm"
  }

  expect_failures = [var.arn]
}

run "a_fifo_topic_is_refused" {
  command = plan

  variables {
    arn = "arn:aws:sns:eu-central-1:012345678901:crm.fifo"
  }

  expect_failures = [var.arn]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition  = "AWS"
    aws_region     = "Frankfurt"
    aws_account_id = "12345678901"
    rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    arn            = "crm"
    role_name      = "with space"
    kms_key_arn    = "alias/aws/sqs"
    policy_name    = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.arn,
    var.role_name,
    var.kms_key_arn,
    var.policy_name,
  ]
}

run "a_target_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}
