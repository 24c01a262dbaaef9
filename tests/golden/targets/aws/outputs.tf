output "event_bus_arn" {
  description = "ARN of the partner event bus."
  value       = module.event_bus.arn
}

output "rule_arns" {
  description = "Rule name -> ARN."

  value = {
    audit      = module.rule_audit.arn
    kept       = module.rule_kept.arn
    presence-1 = module.rule_presence-1.arn
    presence-2 = module.rule_presence-2.arn
    presence-3 = module.rule_presence-3.arn
  }
}

output "target_arns" {
  description = "Target name -> ARN."

  value = {
    encrypted-queue = module.target_encrypted-queue.arn
    function        = module.target_function.arn
    kept            = module.target_kept.arn
    kept-elsewhere  = module.target_kept-elsewhere.arn
    known-function  = module.target_known-function.arn
    known-key       = module.target_known-key.arn
    known-log       = module.target_known-log.arn
    known-queue     = module.target_known-queue.arn
    known-task      = module.target_known-task.arn
    lake            = module.target_lake.arn
    log             = module.target_log.arn
    machine         = module.target_machine.arn
    ordered         = module.target_ordered.arn
    other-account   = module.target_other-account.arn
    other-region    = module.target_other-region.arn
    queue           = module.target_queue.arn
    stream          = module.target_stream.arn
    table           = module.target_table.arn
    task            = module.target_task.arn
    topic           = module.target_topic.arn
    web             = module.target_web.arn
  }
}

output "dead_letter_queue_urls" {
  description = "Target name -> URL of the queue that keeps what it could not receive."

  value = {
    encrypted-queue = module.dead_letter_encrypted-queue.url
    function        = module.dead_letter_function.url
    kept            = module.dead_letter_kept.url
    kept-elsewhere  = module.dead_letter_kept-elsewhere.url
    known-function  = module.dead_letter_known-function.url
    known-key       = module.dead_letter_known-key.url
    known-log       = module.dead_letter_known-log.url
    known-task      = module.dead_letter_known-task.url
    lake            = module.dead_letter_lake.url
    log             = module.dead_letter_log.url
    machine         = module.dead_letter_machine.url
    ordered         = module.dead_letter_ordered.url
    other-account   = module.dead_letter_other-account.url
    other-region    = module.dead_letter_other-region.url
    queue           = module.dead_letter_queue.url
    stream          = module.dead_letter_stream.url
    table           = module.dead_letter_table.url
    task            = module.dead_letter_task.url
    topic           = module.dead_letter_topic.url
    web             = module.dead_letter_web.url
  }
}

output "function_queue_urls" {
  description = "Target name -> queue -> URL of a queue that the target's function sends to."

  value = {
    function = module.queues_function.urls
  }
}
