output "arn" {
  description = "ARN of the key; what uses it waits until EventBridge may use the key."
  value       = local.arn
  depends_on  = [aws_kms_key_policy.this]
}

output "key_id" {
  description = "Id of the key."
  value       = aws_kms_key.this.key_id
}
