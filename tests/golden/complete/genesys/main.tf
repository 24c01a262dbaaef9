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
