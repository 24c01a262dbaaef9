locals {
  arn           = "arn:${var.aws_partition}:lambda:${var.aws_region}:${var.aws_account_id}:function:${var.function_name}"
  log_group     = "/aws/lambda/${var.function_name}"
  log_group_arn = "arn:${var.aws_partition}:logs:${var.aws_region}:${var.aws_account_id}:log-group:${local.log_group}"

  write_log = {
    Sid      = "WriteLog"
    Effect   = "Allow"
    Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    Resource = "${local.log_group_arn}:*"
  }

  keep_failures = var.failure_queue_arn == null ? [] : [{
    Sid      = "KeepFailures"
    Effect   = "Allow"
    Action   = "sqs:SendMessage"
    Resource = var.failure_queue_arn
  }]

  own_statements = [
    for statement in var.execution_statements : merge(
      { Effect = "Allow", Action = statement.actions, Resource = statement.resources },
      { for name, conditions in { Condition = statement.conditions } : name => conditions if length(conditions) > 0 },
    )
  ]

  unscoped = length(var.unscoped_actions) == 0 ? [] : [{
    Sid      = "WhereIamKnowsNoResource"
    Effect   = "Allow"
    Action   = sort(distinct(var.unscoped_actions))
    Resource = "*"
  }]
}

resource "aws_cloudwatch_log_group" "this" {
  # Made before the function: Lambda would make it itself, without retention and outside of the state.
  name              = local.log_group
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "execution" {
  name        = var.execution_role_name
  description = "Lambda function ${var.function_name}"

  # AWS documents no aws:SourceArn or aws:SourceAccount for Lambda here. iam:PassRole keeps other accounts out.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LambdaRunsTheFunction"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "execution" {
  name = "execution"
  role = aws_iam_role.execution.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat([local.write_log], local.keep_failures, local.own_statements, local.unscoped)
  })
}

resource "aws_lambda_function" "this" {
  # Lambda refuses a dead-letter queue that the role may not yet send to.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.execution]

  function_name    = var.function_name
  role             = aws_iam_role.execution.arn
  filename         = var.package_file
  source_code_hash = var.package_sha256_base64
  handler          = var.handler
  runtime          = var.runtime
  timeout          = var.timeout_seconds
  memory_size      = var.memory_mb

  dynamic "environment" {
    for_each = length(var.environment) == 0 ? [] : [var.environment]

    content {
      variables = environment.value
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.failure_queue_arn == null ? [] : [var.failure_queue_arn]

    content {
      target_arn = dead_letter_config.value
    }
  }

  lifecycle {
    precondition {
      condition     = try(filebase64sha256(var.package_file), "") == var.package_sha256_base64
      error_message = "${var.package_file} is missing, or its SHA-256 is not package_sha256_base64: package the function again."
    }

    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the function ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

resource "aws_lambda_permission" "rule" {
  for_each = toset(var.rule_arns)

  # No source_account: AWS says that it keeps EventBridge from invoking the function. The rule's ARN holds the account.
  # A statement id allows neither ':' nor '/', and has room for 100 characters.
  statement_id  = "rule-${sha256(each.key)}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = each.key
}
