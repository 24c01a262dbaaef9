output "arn" {
  description = "ARN of the stream, known in the plan; what uses it waits until the stream exists and EventBridge may write to it."
  value       = local.arn
  depends_on  = [aws_kinesis_stream.this, module.invoke_role]
}

output "role_arn" {
  description = "ARN of the role that EventBridge delivers with."
  value       = module.invoke_role.arn
}
