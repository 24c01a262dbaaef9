output "role_arn" {
  description = "ARN of the role; what uses it waits until the role may do all it has to."
  value       = aws_iam_role.this.arn
  depends_on  = [aws_iam_role_policy.this]
}

output "role_name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}

output "bucket_arn" {
  description = "ARN of the bucket, known in the plan; what uses it waits until the bucket is private and encrypted."
  value       = local.bucket_arn
  depends_on = [
    aws_s3_bucket.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
  ]
}

output "bucket_name" {
  description = "Name of the bucket, known in the plan; what uses it waits until the bucket is there."
  value       = var.bucket_name
  depends_on  = [aws_s3_bucket.this]
}

output "log_group_name" {
  description = "Name of the log group that says why something could not be delivered."
  value       = aws_cloudwatch_log_group.this.name
}

output "log_stream_name" {
  description = "Name of the log stream there."
  value       = aws_cloudwatch_log_stream.this.name
}
