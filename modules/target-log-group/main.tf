locals {
  arn      = "arn:${var.aws_partition}:logs:${var.aws_region}:${var.aws_account_id}:log-group:${var.log_group_name}"
  services = ["events.amazonaws.com", "delivery.logs.amazonaws.com"]

  # A policy's name allows neither '/' nor '#' and is unique in account and region, so a digest keeps /a/b and /a-b apart.
  policy_name = join("-", [
    substr(replace(trim(var.log_group_name, "/"), "/[^A-Za-z0-9_.-]/", "-"), 0, 200),
    substr(sha256(var.log_group_name), 0, 8),
  ])

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CreateLogStream"
        Effect    = "Allow"
        Principal = { Service = local.services }
        Action    = "logs:CreateLogStream"
        Resource  = "${local.arn}:*"
      },
      {
        Sid       = "RulesPutEvents"
        Effect    = "Allow"
        Principal = { Service = local.services }
        Action    = "logs:PutLogEvents"
        Resource  = "${local.arn}:*:*"
        Condition = { ArnEquals = { "aws:SourceArn" = sort(distinct(var.rule_arns)) } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = var.log_group_name
  retention_in_days = var.retention_in_days

  lifecycle {
    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the log group ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "this" {
  # AWS overwrites a policy of the same name without a word. Only whoever made the log group may write the group's policy.
  depends_on = [aws_cloudwatch_log_group.this]

  policy_name     = local.policy_name
  policy_document = local.policy

  lifecycle {
    precondition {
      condition     = length(local.policy) <= 5120
      error_message = "CloudWatch Logs allows 5120 characters of resource policy, and ${length(var.rule_arns)} rules need ${length(local.policy)}: give some of them another log group."
    }
  }
}
