output "arn" {
  description = "ARN of the API destination, known after the apply; what uses it waits until EventBridge may invoke it."
  value       = aws_cloudwatch_event_api_destination.this.arn
  depends_on  = [module.invoke_role]
}

output "role_arn" {
  description = "ARN of the role with which EventBridge invokes the API destination."
  value       = module.invoke_role.arn
}

output "connection_name" {
  description = "Name of the connection, which UpdateConnection asks for."
  value       = aws_cloudwatch_event_connection.this.name
}

output "connection_arn" {
  description = "ARN of the connection."
  value       = aws_cloudwatch_event_connection.this.arn
}
