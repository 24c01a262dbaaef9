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
  source = "git::https://github.com/GenesysCloudDevOps/aws-event-bridge-module.git?ref=9378e443ce9c26b5f752135965ca2f4876d79357"

  integration_name    = "Contact centre events"
  aws_account_id      = "123456789012"
  aws_account_region  = "us-gov-west-1"
  event_source_suffix = "prod-1"

  topic_filters = [
    "v2.audits.entitytype.{id}.entityid.{id}",
    "v2.users.{id}.presence",
  ]
}
