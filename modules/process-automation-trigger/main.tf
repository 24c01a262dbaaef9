resource "genesyscloud_processautomation_trigger" "this" {
  name        = var.name
  description = var.description
  topic_name  = var.topic
  enabled     = var.enabled

  # The provider cannot read an empty text, and compares what is written with what Genesys Cloud answers as text: sorted keys, no spaces.
  match_criteria = jsonencode(jsondecode(var.match_criteria))

  event_ttl_seconds = var.event_ttl_seconds
  delay_by_seconds  = var.delay_by_seconds

  target {
    type = "Workflow"
    id   = var.workflow_id

    workflow_target_settings {
      data_format = var.data_format
    }
  }
}
