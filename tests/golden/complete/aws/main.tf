module "event_bus" {
  source = "./modules/partner-event-bus"

  event_source_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1"
}

module "target_archive" {
  source = "./modules/target-log-group"

  aws_partition     = "aws-us-gov"
  aws_region        = "us-gov-west-1"
  aws_account_id    = "123456789012"
  log_group_name    = "/aws/events/contact-centre"
  retention_in_days = 365

  rule_arns = [
    "arn:aws-us-gov:events:us-gov-west-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1/deleted-clients",
    "arn:aws-us-gov:events:us-gov-west-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1/everything",
  ]
}

module "target_audit-queue" {
  source = "./modules/target-sqs"

  aws_partition              = "aws-us-gov"
  aws_region                 = "us-gov-west-1"
  aws_account_id             = "123456789012"
  queue_name                 = "contact-centre-audit"
  message_retention_seconds  = 86400
  visibility_timeout_seconds = 120

  rule_arns = ["arn:aws-us-gov:events:us-gov-west-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1/deleted-clients"]
}

module "dead_letter_audit-queue" {
  source = "./modules/target-sqs"

  aws_partition  = "aws-us-gov"
  aws_region     = "us-gov-west-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-complete-audit-queue-dead-letter"

  rule_arns = ["arn:aws-us-gov:events:us-gov-west-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1/deleted-clients"]
}

module "rule_deleted-clients" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "deleted-clients"
  description    = "OAuth clients that somebody deleted"
  state          = "ENABLED"
  event_pattern  = "{\"detail\":{\"eventBody\":{\"action\":[\"Delete\"],\"entityType\":[\"OAuthClient\"]}},\"detail-type\":[\"v2.audits.entitytype.{id}.entityid.{id}\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1\"]}"

  targets = {
    archive = {
      arn                       = module.target_archive.arn
      dead_letter_arn           = null
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
    audit-queue = {
      arn                       = module.target_audit-queue.arn
      dead_letter_arn           = module.dead_letter_audit-queue.arn
      maximum_retry_attempts    = 10
      maximum_event_age_seconds = 3600
    }
  }
}

module "alarm_deleted-clients" {
  source = "./modules/rule-alarm"

  name           = "gcbridge-complete-deleted-clients"
  description    = "OAuth clients that somebody deleted"
  event_bus_name = module.event_bus.name
  rule_name      = module.rule_deleted-clients.name
  threshold      = 3
  period_seconds = 3600
  notify         = ["arn:aws-us-gov:sns:us-gov-west-1:123456789012:on-call"]
}

module "rule_everything" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "everything"
  description    = ""
  state          = "DISABLED"
  event_pattern  = "{\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/prod-1\"]}"

  targets = {
    archive = {
      arn                       = module.target_archive.arn
      dead_letter_arn           = null
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
  }
}

module "dashboard_operations" {
  source = "./modules/dashboard"

  name = "gcbridge-complete-operations"
  body = "{\"widgets\":[{\"height\":2,\"properties\":{\"markdown\":\"# $${not} a reference\"},\"type\":\"text\",\"width\":24,\"x\":0,\"y\":0},{\"properties\":{\"metrics\":[[{\"expression\":\"SEARCH('{AWS/Events,EventBusName,RuleName} TriggeredRules', 'Sum', 300)\"}]],\"region\":\"us-gov-west-1\",\"title\":\"Events that rules matched\"},\"type\":\"metric\"},{\"properties\":{\"metrics\":[[\"ContactCentre\",\"Waiting\",\"Queue\",\"crm\"]],\"region\":\"us-gov-east-1\"},\"type\":\"metric\"}]}"
}
