output "arn" {
  description = "ARN of the queue, known in the plan; what uses it waits until the queue exists and EventBridge may write to it."
  value       = local.arn
  depends_on  = [aws_sqs_queue.this, module.invoke_role]
}

output "url" {
  description = "URL of the queue."
  value       = aws_sqs_queue.this.url
}

output "role_arn" {
  description = "ARN of the role that EventBridge delivers with; null without role_name."
  value       = one(module.invoke_role[*].arn)
}
