output "arn" {
  description = "ARN that was given; what uses it waits until EventBridge may send there."
  value       = var.arn
  depends_on  = [module.invoke_role, aws_lambda_permission.this, aws_cloudwatch_log_resource_policy.this]

  precondition {
    condition     = local.kind == "event-bus" || local.place == local.here
    error_message = "A rule reaches another region or account only through an event bus there: ${var.arn} is in ${local.place}, its rules are in ${local.here}."
  }

  precondition {
    condition     = length(local.actions) == 0 || var.role_name != null
    error_message = "Give role_name: EventBridge sends to ${var.arn} with a role."
  }

  precondition {
    condition     = var.kms_key_arn == null || contains(["sqs", "sns", "kinesis", "firehose"], local.kind)
    error_message = "kms_key_arn is for an encrypted queue, topic or stream; EventBridge does not encrypt what it sends to ${var.arn}."
  }
}

output "role_arn" {
  description = "ARN of the role that EventBridge delivers with; null for a Lambda function or a log group."
  value       = one(module.invoke_role[*].arn)
}
