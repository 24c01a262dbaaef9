output "id" {
  description = "Id of the trigger in Genesys Cloud."
  value       = genesyscloud_processautomation_trigger.this.id
}
