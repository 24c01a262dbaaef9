output "integration_id" {
  description = "Id of the integration in Genesys Cloud."
  value       = module.integration.id
}

output "event_source_name" {
  description = "Name of the partner event source that Genesys Cloud creates for the integration."
  value       = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000001/dev"
}

output "trigger_ids" {
  description = "Trigger -> its id in Genesys Cloud."

  value = {
    away       = module.trigger_away.id
    calls      = module.trigger_calls.id
    everything = module.trigger_everything.id
    known      = module.trigger_known.id
  }
}

output "flow_ids" {
  description = "Flow -> its id in Genesys Cloud."

  value = {
    plain        = module.flow_plain.id
    presence-log = module.flow_presence-log.id
  }
}
