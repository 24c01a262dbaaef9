variable "name" {
  description = "Name of the alarm, at most 255 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,255}$", var.name))
    error_message = "name must be 1 to 255 letters, digits, '_', '.' or '-'."
  }
}

variable "description" {
  description = "Description shown in AWS and in every notification, at most 1024 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 1024
    error_message = "description must have at most 1024 characters."
  }
}

variable "event_bus_name" {
  description = "Name of the event bus that the rule is on; not the default bus."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[/.\\-_A-Za-z0-9]{1,256}$", var.event_bus_name)) && var.event_bus_name != "default"
    error_message = "event_bus_name must be the name of an event bus, and not that of the default bus, whose rules are counted otherwise."
  }
}

variable "rule_name" {
  description = "Name of the rule whose matches are counted."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[.\\-_A-Za-z0-9]{1,64}$", var.rule_name))
    error_message = "rule_name must be 1 to 64 letters, digits, '.', '-' or '_'."
  }
}

variable "threshold" {
  description = "How many matching events within a period raise the alarm."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.threshold >= 1 && floor(var.threshold) == var.threshold
    error_message = "threshold must be a whole number, 1 or more."
  }
}

variable "period_seconds" {
  description = "Length of a period: 60 to 86400 seconds, whole minutes."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.period_seconds >= 60 && var.period_seconds <= 86400 && var.period_seconds % 60 == 0
    error_message = "period_seconds must be a multiple of 60, 60 to 86400."
  }
}

variable "notify" {
  description = "ARNs of SNS topics, in the alarm's region, that are told when the alarm is raised and when it is over; at most 5."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.notify) <= 5 && alltrue([for arn in var.notify : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", arn))])
    error_message = "notify must hold at most 5 ARNs, each of a standard SNS topic."
  }
}
