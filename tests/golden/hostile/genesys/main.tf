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

  integration_name    = "\"} resource \"aws_iam_user\" \"x\" { name = \"$${file(\"/etc/passwd\")}\""
  aws_account_id      = "000000000001"
  aws_account_region  = "eu-west-1"
  event_source_suffix = "a.b_c-D"

  notes = "$${var.x} %%{ if true }yes%%{ endif } $$${y} $$$${z} %%%{w}\n<<EOT\nline\ttab\r\nEOT\n\\\" 🦊 日本語 \u202e\u0000 ends with $"

  topic_filters = [
    "v2.detail.events.conversation.{id}.acd.start",
    "v2.users.{id}.presence",
    "v2.users.{id}.routingStatus",
  ]
}
