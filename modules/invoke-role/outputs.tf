output "arn" {
  description = "ARN of the role, known in the plan; what uses it waits until the role may do all it has to."
  value       = local.arn
  depends_on  = [aws_iam_role.this, aws_iam_role_policy.this, aws_kms_grant.this]
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}

output "policy" {
  description = "What the role may do, as the JSON text of its policy."
  value       = local.policy
}
