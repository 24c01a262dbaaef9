output "arn" {
  description = "ARN of the function that the rule names, known in the plan; what uses it waits until table and function exist and the rules may invoke it."
  value       = module.function.arn
  depends_on  = [module.function, aws_dynamodb_table.this]
}

output "function_name" {
  description = "Name of the function that writes to the table."
  value       = module.function.function_name
}

output "table_name" {
  description = "Name of the table."
  value       = local.table_name
  depends_on  = [aws_dynamodb_table.this]
}

output "table_arn" {
  description = "ARN of the table."
  value       = local.table_arn
  depends_on  = [aws_dynamodb_table.this]

  precondition {
    condition     = var.table_arn == null || var.table_name == null
    error_message = "Give table_name or table_arn, not both."
  }

  precondition {
    condition     = var.table_arn == null ? true : startswith(var.table_arn, local.own_prefix)
    error_message = "table_arn must be a table of aws_account_id in aws_region, where the function runs."
  }
}
