output "arn" {
  description = "ARN of the state machine, known in the plan; what uses it waits until the state machine exists and EventBridge may start it."
  value       = local.arn
  depends_on  = [aws_sfn_state_machine.this, module.invoke_role]
}

output "role_arn" {
  description = "ARN of the role that EventBridge delivers with."
  value       = module.invoke_role.arn
}

output "execution_role_arn" {
  description = "ARN of the role that the state machine runs as."
  value       = aws_sfn_state_machine.this.role_arn
}
