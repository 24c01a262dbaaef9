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
  name                        = var.queue_name
  message_retention_seconds   = var.message_retention_seconds
  visibility_timeout_seconds  = var.visibility_timeout_seconds
  fifo_queue                  = var.fifo
  content_based_deduplication = var.fifo
  kms_master_key_id           = var.kms_key_arn
  sqs_managed_sse_enabled     = var.kms_key_arn == null ? true : null
  policy                      = local.policy

  lifecycle {
    precondition {
      condition     = endswith(var.queue_name, ".fifo") == var.fifo
      error_message = "A queue's name ends in .fifo where it is a FIFO queue, and only there: queue_name is ${var.queue_name}, fifo is ${var.fifo}."
    }

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

# With a role, EventBridge uses a customer's key by the role's permission, and the key's own policy stays as it is.
module "invoke_role" {
  source = "../invoke-role"
  count  = var.role_name == null ? 0 : 1

  aws_partition   = var.aws_partition
  aws_region      = var.aws_region
  aws_account_id  = var.aws_account_id
  rule_arns       = var.rule_arns
  name            = var.role_name
  statements      = [{ actions = ["sqs:SendMessage"], resources = [local.arn] }]
  kms_key_arn     = var.kms_key_arn
  kms_via_service = "sqs"
}
