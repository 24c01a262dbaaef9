resource "genesyscloud_integration" "this" {
  intended_state   = "ENABLED"
  integration_type = "amazon-eventbridge-source"

  config {
    name  = var.integration_name
    notes = var.notes

    # Genesys Cloud calls the list of topics eventFilter. The provider compares it in order, so the order is fixed here.
    properties = jsonencode({
      eventSourceSuffix = var.event_source_suffix
      awsAccountId      = var.aws_account_id
      awsAccountRegion  = var.aws_account_region
      eventFilter       = sort(distinct(var.topic_filters))
    })

    advanced = jsonencode({})
  }
}

# The vendor's own module (GenesysCloudDevOps/aws-event-bridge-module) calls it so: changing over keeps the integration.
moved {
  from = genesyscloud_integration.AwsEventBridgeIntegration
  to   = genesyscloud_integration.this
}
