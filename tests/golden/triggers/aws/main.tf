module "event_bus" {
  source = "./modules/partner-event-bus"

  event_source_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/dev"
}

module "target_log" {
  source = "./modules/target-log-group"

  aws_partition     = "aws"
  aws_region        = "eu-central-1"
  aws_account_id    = "123456789012"
  log_group_name    = "/aws/events/gcbridge/triggers/log"
  retention_in_days = 30

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/dev/presence"]
}

module "dead_letter_log" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-triggers-log-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/dev/presence"]
}

module "rule_presence" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "presence"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/dev\"]}"

  targets = {
    log = {
      arn                       = module.target_log.arn
      dead_letter_arn           = module.dead_letter_log.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
  }
}
