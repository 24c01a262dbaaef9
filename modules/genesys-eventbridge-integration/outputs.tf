output "id" {
  description = "Id of the integration in Genesys Cloud."
  value       = genesyscloud_integration.this.id
}

output "event_source_suffix" {
  description = "Last part of the partner event source's name; the first is aws.partner/genesys.com/cloud/<organization id>/."
  value       = var.event_source_suffix
}
