output "arn" {
  description = "ARN of the log group, known in the plan; what uses it waits until the log group exists and EventBridge may write to it."
  value       = local.arn
  depends_on  = [aws_cloudwatch_log_group.this, aws_cloudwatch_log_resource_policy.this]
}

output "name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "policy_name" {
  description = "Name of the resource policy that lets EventBridge write; an account has room for 10 of them in a region."
  value       = aws_cloudwatch_log_resource_policy.this.policy_name
}
