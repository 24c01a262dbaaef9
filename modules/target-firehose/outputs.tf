output "arn" {
  description = "ARN of the delivery stream, known in the plan; what uses it waits until the stream exists and EventBridge may put events into it."
  value       = local.arn
  depends_on  = [aws_kinesis_firehose_delivery_stream.this, module.invoke_role]
}

output "role_arn" {
  description = "ARN of the role with which EventBridge puts events into the stream."
  value       = module.invoke_role.arn
}

output "bucket_name" {
  description = "Name of the bucket that the stream writes to."
  value       = module.delivery.bucket_name
}
