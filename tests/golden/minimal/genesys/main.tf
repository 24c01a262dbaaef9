module "integration" {
  source = "./modules/genesys-eventbridge-integration"

  integration_name    = "gcbridge minimal"
  aws_account_id      = "012345678901"
  aws_account_region  = "eu-central-1"
  event_source_suffix = "dev"

  notes = "Managed by gcbridge"

  topic_filters = ["v2.users.{id}.presence"]
}
