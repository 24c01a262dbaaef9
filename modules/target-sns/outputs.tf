output "arn" {
  description = "ARN of the topic, known in the plan; what uses it waits until the topic exists and EventBridge may publish to it."
  value       = local.arn
  depends_on  = [aws_sns_topic.this, module.invoke_role]
}

output "role_arn" {
  description = "ARN of the role that EventBridge delivers with; null without role_name."
  value       = one(module.invoke_role[*].arn)
}
