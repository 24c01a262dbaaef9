output "event_bus_arn" {
  description = "ARN of the partner event bus."
  value       = module.event_bus.arn
}

output "rule_arns" {
  description = "Rule name -> ARN."

  value = {
    presence = module.rule_presence.arn
  }
}

output "target_arns" {
  description = "Target name -> ARN."

  value = {
    queue = module.target_queue.arn
  }
}

output "dead_letter_queue_urls" {
  description = "Target name -> URL of the queue that keeps what it could not receive."

  value = {
    queue = module.dead_letter_queue.url
  }
}
