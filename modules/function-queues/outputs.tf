output "arns" {
  description = "Name -> ARN of the queue, known in the plan; what uses it waits until the queues exist."
  value       = local.arns
  depends_on  = [aws_sqs_queue.this]
}

output "urls" {
  description = "Name -> URL of the queue, which its readers need."
  value       = { for name, queue in aws_sqs_queue.this : name => queue.url }
}
