output "integration_id" {
  description = "Id of the integration in Genesys Cloud."
  value       = module.integration.id
}

output "event_source_name" {
  description = "Name of the partner event source that Genesys Cloud creates for the integration."
  value       = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all"
}
