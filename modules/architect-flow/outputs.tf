output "id" {
  description = "Id of the flow in Genesys Cloud."
  value       = genesyscloud_flow.this.id
}
