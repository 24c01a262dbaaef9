variable "event_bus_name" {
  description = "Name of the event bus that the rule reads."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[/.\\-_A-Za-z0-9]{1,256}$", var.event_bus_name))
    error_message = "event_bus_name must be 1 to 256 letters, digits, '/', '.', '-' or '_'."
  }
}

variable "name" {
  description = "Name of the rule, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_-]{0,63}$", var.name))
    error_message = "name must be 1 to 64 letters, digits, '-' or '_', beginning with a letter or '_'."
  }
}

variable "description" {
  description = "Description shown in AWS, at most 512 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 512
    error_message = "description must have at most 512 characters."
  }
}

variable "state" {
  description = "ENABLED, or DISABLED: kept, but matching nothing."
  type        = string
  default     = "ENABLED"
  nullable    = false

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.state)
    error_message = "state must be ENABLED or DISABLED."
  }
}

variable "event_pattern" {
  description = "Event pattern as JSON text, at most 2048 characters. Text, because EventBridge tells 1 from 1.0 and jsonencode does not."
  type        = string
  nullable    = false

  validation {
    condition     = can(keys(jsondecode(var.event_pattern))) && length(var.event_pattern) <= 2048
    error_message = "event_pattern must be a JSON object of at most 2048 characters."
  }
}

variable "targets" {
  description = "Target id -> where events go, where those go that cannot be delivered (null: nowhere), and how long EventBridge tries. At most 5."
  type = map(object({
    arn                       = string
    dead_letter_arn           = optional(string)
    maximum_retry_attempts    = optional(number, 185)
    maximum_event_age_seconds = optional(number, 86400)
  }))
  nullable = false

  validation {
    condition     = length(var.targets) >= 1 && length(var.targets) <= 5
    error_message = "A rule must have 1 to 5 targets."
  }

  validation {
    condition     = alltrue([for id in keys(var.targets) : can(regex("^[.\\-_A-Za-z0-9]{1,64}$", id))])
    error_message = "Every key of targets must be 1 to 64 letters, digits, '.', '-' or '_'."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) :
      target.maximum_retry_attempts >= 0 && target.maximum_retry_attempts <= 185 &&
      target.maximum_event_age_seconds >= 60 && target.maximum_event_age_seconds <= 86400
    ])
    error_message = "maximum_retry_attempts must be 0 to 185 and maximum_event_age_seconds 60 to 86400."
  }
}
