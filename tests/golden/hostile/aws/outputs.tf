output "event_bus_arn" {
  description = "ARN of the partner event bus."
  value       = module.event_bus.arn
}

output "rule_arns" {
  description = "Rule name -> ARN."

  value = {
    "for"       = module.rule_for.arn
    null-rule-0 = module.rule_null-rule-0.arn
  }
}

output "target_arns" {
  description = "Target name -> ARN."

  value = {
    _      = module.target__.arn
    "null" = module.target_null.arn
  }
}

output "dead_letter_queue_urls" {
  description = "Target name -> URL of the queue that keeps what it could not receive."

  value = {
    _      = module.dead_letter__.url
    "null" = module.dead_letter_null.url
  }
}
