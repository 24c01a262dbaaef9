output "arn" {
  description = "ARN of the function, known in the plan; what uses it waits until the function exists and the rules may invoke it."
  value       = local.arn
  depends_on  = [aws_lambda_function.this, aws_lambda_permission.rule, aws_iam_role_policy.execution]
}

output "function_name" {
  description = "Name of the function."
  value       = var.function_name
  depends_on  = [aws_lambda_function.this]
}

output "execution_role_arn" {
  description = "ARN of the role that the function runs with."
  value       = aws_iam_role.execution.arn
}
