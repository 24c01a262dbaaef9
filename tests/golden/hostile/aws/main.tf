module "event_bus" {
  source = "./modules/partner-event-bus"

  event_source_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D"
}

module "target__" {
  source = "./modules/target-log-group"

  aws_partition     = "aws"
  aws_region        = "eu-west-1"
  aws_account_id    = "000000000001"
  log_group_name    = "/a#b/c.d-e_f"
  retention_in_days = 1

  rule_arns = ["arn:aws:events:eu-west-1:000000000001:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D/for"]
}

module "dead_letter__" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-west-1"
  aws_account_id = "000000000001"
  queue_name     = "gcbridge-hostile-_-dead-letter"

  rule_arns = ["arn:aws:events:eu-west-1:000000000001:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D/for"]
}

module "target_null" {
  source = "./modules/target-sqs"

  aws_partition              = "aws"
  aws_region                 = "eu-west-1"
  aws_account_id             = "000000000001"
  queue_name                 = "gcbridge-hostile-null"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30

  rule_arns = [
    "arn:aws:events:eu-west-1:000000000001:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D/for",
    "arn:aws:events:eu-west-1:000000000001:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D/null-rule-0",
  ]
}

module "dead_letter_null" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-west-1"
  aws_account_id = "000000000001"
  queue_name     = "gcbridge-hostile-null-dead-letter"

  rule_arns = [
    "arn:aws:events:eu-west-1:000000000001:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D/for",
    "arn:aws:events:eu-west-1:000000000001:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D/null-rule-0",
  ]
}

module "rule_for" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "for"
  description    = "}\n\"$${path.module}\" /* # // */ 'x' `y` ﷽"
  state          = "ENABLED"
  event_pattern  = "{\"detail\":{\"eventBody\":{\"name\":[\"$${a}\",\"%%{b}\",\"say \\\"hi\\\"\",{\"prefix\":\"back\\\\slash\"},\"1\",1,1.0]}},\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D\"]}"

  targets = {
    _ = {
      arn                       = module.target__.arn
      dead_letter_arn           = module.dead_letter__.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
    "null" = {
      arn                       = module.target_null.arn
      dead_letter_arn           = module.dead_letter_null.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
  }
}

module "rule_null-rule-0" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "null-rule-0"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"detail-type\":[{\"wildcard\":\"v2.*\\\"$${x}\"}],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/a.b_c-D\"]}"

  targets = {
    "null" = {
      arn                       = module.target_null.arn
      dead_letter_arn           = module.dead_letter_null.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
  }
}
