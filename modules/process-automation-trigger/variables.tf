variable "name" {
  description = "Name shown in Genesys Cloud, 1 to 256 characters."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) >= 1 && length(var.name) <= 256
    error_message = "name must have 1 to 256 characters."
  }
}

variable "description" {
  description = "Description shown in Genesys Cloud, at most 512 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 512
    error_message = "description must have at most 512 characters."
  }
}

variable "topic" {
  description = "Topic template with a literal {id}, such as v2.users.{id}.presence. Another topic makes another trigger."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^v2(\\.([A-Za-z0-9_-]+|\\{id\\}))+$", var.topic))
    error_message = "topic must be a topic template such as v2.users.{id}.presence."
  }
}

variable "enabled" {
  description = "A trigger that is not enabled is kept and starts nothing."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = contains([true, false], var.enabled)
    error_message = "enabled must be true or false."
  }
}

variable "match_criteria" {
  description = "Criteria as JSON text: a list of {jsonPath, operator, value or values}, jsonPath relative to eventBody. An empty list: every event of the topic."
  type        = string
  default     = "[]"
  nullable    = false

  validation {
    condition     = can([for criterion in jsondecode(var.match_criteria) : criterion.jsonPath])
    error_message = "match_criteria must be a JSON list of criteria, each with jsonPath; [] where there are none."
  }

  validation {
    condition     = try(alltrue([for criterion in jsondecode(var.match_criteria) : can(criterion.value) != can(criterion.values)]), true)
    error_message = "Every one of match_criteria must have one of value and values."
  }
}

variable "workflow_id" {
  description = "Id of the published workflow that is started."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.workflow_id) > 0
    error_message = "workflow_id must not be empty."
  }
}

variable "data_format" {
  description = "Json hands the whole body to the workflow's input jsonData; TopLevelPrimitives its top-level text, numbers and booleans, each to the input of its name."
  type        = string
  default     = "TopLevelPrimitives"
  nullable    = false

  validation {
    condition     = contains(["Json", "TopLevelPrimitives"], var.data_format)
    error_message = "data_format must be Json or TopLevelPrimitives."
  }
}

variable "event_ttl_seconds" {
  description = "Age at which an event starts nothing any more, at least 10 seconds; null: any age. Not together with delay_by_seconds."
  type        = number
  default     = null

  validation {
    condition     = var.event_ttl_seconds == null || try(var.event_ttl_seconds >= 10 && floor(var.event_ttl_seconds) == var.event_ttl_seconds, false)
    error_message = "event_ttl_seconds must be a whole number of at least 10, or null."
  }

  validation {
    condition     = var.event_ttl_seconds == null || var.delay_by_seconds == null
    error_message = "Genesys Cloud takes one of event_ttl_seconds and delay_by_seconds."
  }
}

variable "delay_by_seconds" {
  description = "How long Genesys Cloud waits before it starts the workflow: 60 to 900 seconds; null: not at all."
  type        = number
  default     = null

  validation {
    condition     = var.delay_by_seconds == null || try(var.delay_by_seconds >= 60 && var.delay_by_seconds <= 900 && floor(var.delay_by_seconds) == var.delay_by_seconds, false)
    error_message = "delay_by_seconds must be a whole number from 60 to 900, or null."
  }
}
