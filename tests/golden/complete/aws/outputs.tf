output "event_bus_arn" {
  description = "ARN of the partner event bus."
  value       = module.event_bus.arn
}

output "rule_arns" {
  description = "Rule name -> ARN."

  value = {
    deleted-clients = module.rule_deleted-clients.arn
    everything      = module.rule_everything.arn
  }
}

output "target_arns" {
  description = "Target name -> ARN."

  value = {
    archive     = module.target_archive.arn
    audit-queue = module.target_audit-queue.arn
  }
}

output "dead_letter_queue_urls" {
  description = "Target name -> URL of the queue that keeps what it could not receive."

  value = {
    audit-queue = module.dead_letter_audit-queue.url
  }
}
