locals {
  # Computed, because a queue's policy names the queue itself; known in the plan, where a reviewer reads it.
  arn = "arn:${var.aws_partition}:sqs:${var.aws_region}:${var.aws_account_id}:${var.queue_name}"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RulesSendEvents"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.arn
      Condition = { ArnEquals = { "aws:SourceArn" = sort(distinct(var.rule_arns)) } }
    }]
  })
}

resource "aws_sqs_queue" "this" {
  name                       = var.queue_name
  message_retention_seconds  = var.message_retention_seconds
  visibility_timeout_seconds = var.visibility_timeout_seconds
  sqs_managed_sse_enabled    = true
  policy                     = local.policy

  lifecycle {
    precondition {
      condition     = length(local.policy) <= 8192
      error_message = "SQS allows 8192 characters of queue policy, and ${length(var.rule_arns)} rules need ${length(local.policy)}: give some of them another queue."
    }

    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the queue ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}
