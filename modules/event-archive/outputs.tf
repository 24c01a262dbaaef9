output "arn" {
  description = "ARN of the archive, which a replay names as its source."
  value       = aws_cloudwatch_event_archive.this.arn
}

output "name" {
  description = "Name of the archive."
  value       = aws_cloudwatch_event_archive.this.name
}
