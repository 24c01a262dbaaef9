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
    log = module.target_log.arn
  }
}

output "dead_letter_queue_urls" {
  description = "Target name -> URL of the queue that keeps what it could not receive."

  value = {
    log = module.dead_letter_log.url
  }
}
