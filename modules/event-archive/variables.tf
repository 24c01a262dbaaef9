variable "name" {
  description = "Name of the archive, at most 48 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[.\\-_A-Za-z0-9]{1,48}$", var.name))
    error_message = "name must be 1 to 48 letters, digits, '.', '-' or '_': EventBridge allows an archive fewer than anything else."
  }
}

variable "event_bus_arn" {
  description = "ARN of the event bus whose events are kept."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/[/.\\-_A-Za-z0-9]{1,256}$", var.event_bus_arn))
    error_message = "event_bus_arn must be the ARN of an EventBridge event bus."
  }
}

variable "retention_days" {
  description = "Days that an event is kept; 0: for ever."
  type        = number
  nullable    = false

  validation {
    condition     = var.retention_days >= 0 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be a whole number of days, or 0 to keep events for ever."
  }
}

variable "event_pattern" {
  description = "Event pattern of what is kept, as JSON text of at most 4096 characters. Without it everything is."
  type        = string
  default     = null

  validation {
    condition     = var.event_pattern == null ? true : can(keys(jsondecode(var.event_pattern))) && length(var.event_pattern) <= 4096
    error_message = "event_pattern must be a JSON object of at most 4096 characters."
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
