module "event_bus" {
  source = "./modules/partner-event-bus"

  event_source_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"
}

module "target_queue" {
  source = "./modules/target-sqs"

  aws_partition              = "aws"
  aws_region                 = "eu-central-1"
  aws_account_id             = "012345678901"
  queue_name                 = "gcbridge-minimal-queue"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30

  rule_arns = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

module "dead_letter_queue" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  queue_name     = "gcbridge-minimal-queue-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

module "rule_presence" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "presence"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev\"]}"

  targets = {
    queue = {
      arn                       = module.target_queue.arn
      dead_letter_arn           = module.dead_letter_queue.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
  }
}
