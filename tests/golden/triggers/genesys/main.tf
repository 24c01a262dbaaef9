# An integration made with the credentials of another organization would send under another name, to nobody.
data "genesyscloud_organizations_me" "this" {
  lifecycle {
    postcondition {
      condition     = self.id == "a3b1c2d4-0000-4000-8000-000000000001"
      error_message = "The Genesys Cloud credentials belong to another organization than genesys.org_id names."
    }
  }
}

module "integration" {
  source = "./modules/genesys-eventbridge-integration"

  integration_name    = "gcbridge triggers"
  aws_account_id      = "123456789012"
  aws_account_region  = "eu-central-1"
  event_source_suffix = "dev"

  notes = "Managed by gcbridge"

  topic_filters = ["v2.users.{id}.presence"]
}

module "flow_plain" {
  source = "./modules/architect-flow"

  filepath     = "flows/plain.yaml"
  force_unlock = true
}

module "flow_presence-log" {
  source = "./modules/architect-flow"

  filepath     = "flows/presence-log.yaml"
  force_unlock = false

  substitutions = {
    division_name = "Home"
    queue         = "crm $${x}"
  }
}

module "trigger_away" {
  source = "./modules/process-automation-trigger"

  name        = "gcbridge triggers away"
  description = "Somebody is away"
  topic       = "v2.users.{id}.presence"
  workflow_id = module.flow_presence-log.id
  data_format = "TopLevelPrimitives"
  enabled     = true

  match_criteria = "[{\"jsonPath\":\"presenceDefinition.systemPresence\",\"operator\":\"In\",\"values\":[\"AWAY\",\"BUSY\"]},{\"jsonPath\":\"message\",\"operator\":\"NotEqual\",\"value\":\"<$${lunch}>\"}]"

  event_ttl_seconds = 60
}

data "genesyscloud_flow" "trigger_calls" {
  name = "Call log"
  type = "workflow"
}

module "trigger_calls" {
  source = "./modules/process-automation-trigger"

  name        = "Calls that ended"
  description = ""
  topic       = "v2.detail.events.conversation.{id}.customer.end"
  workflow_id = data.genesyscloud_flow.trigger_calls.id
  data_format = "TopLevelPrimitives"
  enabled     = false

  match_criteria = "[{\"jsonPath\":\"conversationId\",\"operator\":\"Exists\",\"value\":true}]"
}

module "trigger_everything" {
  source = "./modules/process-automation-trigger"

  name        = "gcbridge triggers everything"
  description = ""
  topic       = "v2.users.{id}.activity"
  workflow_id = module.flow_plain.id
  data_format = "Json"
  enabled     = true

  match_criteria = "[]"

  delay_by_seconds = 120
}

module "trigger_known" {
  source = "./modules/process-automation-trigger"

  name        = "gcbridge triggers known"
  description = ""
  topic       = "v2.detail.events.conversation.{id}.acw"
  workflow_id = "6c1f0e52-0001-4000-8000-000000000001"
  data_format = "TopLevelPrimitives"
  enabled     = true

  match_criteria = "[]"
}
