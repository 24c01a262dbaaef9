# An integration made with the credentials of another organization would send under another name, to nobody.
data "genesyscloud_organizations_me" "this" {
  lifecycle {
    postcondition {
      condition     = self.id == "a3b1c2d4-0000-4000-8000-000000000002"
      error_message = "The Genesys Cloud credentials belong to another organization than genesys.org_id names."
    }
  }
}

module "integration" {
  source = "./modules/genesys-eventbridge-integration"

  integration_name    = "gcbridge targets"
  aws_account_id      = "123456789012"
  aws_account_region  = "eu-central-1"
  event_source_suffix = "all"

  notes = "Managed by gcbridge"

  topic_filters = [
    "v2.audits.entitytype.{id}.entityid.{id}",
    "v2.users.{id}.presence",
  ]
}
