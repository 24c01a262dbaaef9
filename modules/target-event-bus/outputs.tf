output "arn" {
  description = "ARN of the bus that receives, known in the plan; what uses it waits until the bus exists and the rules may send to it."
  value       = local.arn
  depends_on = [
    aws_cloudwatch_event_bus.this,
    aws_cloudwatch_event_bus_policy.this,
    aws_cloudwatch_event_permission.this,
    module.invoke_role,
  ]
}

output "role_arn" {
  description = "ARN of the role with which EventBridge sends."
  value       = module.invoke_role.arn
}
