locals {
  # Computed, so that the policy of the function's role is known in the plan, where a reviewer reads it.
  arns = {
    for name, queue in var.queues :
    name => "arn:${var.aws_partition}:sqs:${var.aws_region}:${var.aws_account_id}:${queue.queue_name}"
  }
}

# No queue policy: it would let somebody in. In its own account, a role's permission is enough.
resource "aws_sqs_queue" "this" {
  for_each = var.queues

  name                      = each.value.queue_name
  message_retention_seconds = each.value.message_retention_seconds
  sqs_managed_sse_enabled   = true

  # By their text alone, two messages of two events would be one: who sends to a FIFO queue gives a deduplication id.
  fifo_queue                  = each.value.fifo
  content_based_deduplication = false

  lifecycle {
    precondition {
      condition     = endswith(each.value.queue_name, ".fifo") == each.value.fifo
      error_message = "A queue's name ends in .fifo where it is a FIFO queue, and only there: queue_name is ${each.value.queue_name}, fifo is ${each.value.fifo}."
    }

    postcondition {
      condition     = self.arn == local.arns[each.key]
      error_message = "AWS made the queue ${self.arn}, but ${local.arns[each.key]} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}
