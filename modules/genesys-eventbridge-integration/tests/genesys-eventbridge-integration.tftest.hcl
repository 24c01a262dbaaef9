mock_provider "genesyscloud" {}

variables {
  integration_name    = "gcbridge dev"
  notes               = "Managed by gcbridge"
  aws_account_id      = "012345678901"
  aws_account_region  = "eu-central-1"
  event_source_suffix = "dev"
  topic_filters = [
    "v2.users.{id}.presence",
    "v2.audits.entitytype.{id}.entityid.{id}",
    "v2.users.{id}.presence",
  ]
}

run "properties_are_what_genesys_cloud_expects" {
  command = plan

  assert {
    condition = jsondecode(genesyscloud_integration.this.config[0].properties) == {
      awsAccountId      = "012345678901"
      awsAccountRegion  = "eu-central-1"
      eventSourceSuffix = "dev"
      eventFilter = [
        "v2.audits.entitytype.{id}.entityid.{id}",
        "v2.users.{id}.presence",
      ]
    }
    error_message = "Topics must be sorted and unique, under the keys that Genesys Cloud reads."
  }

  assert {
    condition     = jsondecode(genesyscloud_integration.this.config[0].advanced) == {}
    error_message = "advanced must be empty."
  }

  assert {
    condition     = genesyscloud_integration.this.intended_state == "ENABLED" && genesyscloud_integration.this.integration_type == "amazon-eventbridge-source"
    error_message = "The integration must be an enabled Amazon EventBridge source."
  }

  assert {
    condition     = genesyscloud_integration.this.config[0].name == "gcbridge dev" && genesyscloud_integration.this.config[0].notes == "Managed by gcbridge"
    error_message = "Name and notes must be those that were given."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    integration_name    = ""
    notes               = format("%1025s", "x")
    aws_account_id      = "12345678901"
    aws_account_region  = "Frankfurt"
    event_source_suffix = "with space"
    topic_filters       = ["v2.users.*.presence"]
  }

  expect_failures = [
    var.integration_name,
    var.notes,
    var.aws_account_id,
    var.aws_account_region,
    var.event_source_suffix,
    var.topic_filters,
  ]
}

run "an_integration_without_topics_is_refused" {
  command = plan

  variables {
    topic_filters = []
  }

  expect_failures = [var.topic_filters]
}
