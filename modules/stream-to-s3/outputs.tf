output "stream_arn" {
  description = "ARN of the Kinesis stream; what writes to the stream by this waits until it is read, since Firehose begins with what comes then."
  value       = var.stream_arn
  depends_on  = [aws_kinesis_firehose_delivery_stream.this]
}

output "delivery_stream_arn" {
  description = "ARN of the delivery stream."
  value       = aws_kinesis_firehose_delivery_stream.this.arn
}

output "bucket_name" {
  description = "Name of the bucket that events are written to."
  value       = module.delivery.bucket_name
}

output "database_name" {
  description = "Name of the Glue database."
  value       = aws_glue_catalog_database.this.name
}

output "table_name" {
  description = "Name of the Glue table."
  value       = aws_glue_catalog_table.this.name
}

output "workgroup_name" {
  description = "Name of the Athena workgroup."
  value       = aws_athena_workgroup.this.name
}

output "query_id" {
  description = "Id of the first query, as Athena knows it."
  value       = aws_athena_named_query.this.id
}
