variable "integration_name" {
  description = "Name shown in Genesys Cloud, 1 to 256 characters."
  type        = string
  default     = "Amazon EventBridge Source"
  nullable    = false

  validation {
    condition     = length(var.integration_name) >= 1 && length(var.integration_name) <= 256
    error_message = "integration_name must have 1 to 256 characters."
  }
}

variable "notes" {
  description = "Notes shown at the integration, at most 1024 characters."
  type        = string
  default     = "AWS EventBridge Integration"
  nullable    = false

  validation {
    condition     = length(var.notes) <= 1024
    error_message = "notes must have at most 1024 characters."
  }
}

variable "aws_account_id" {
  description = "AWS account that receives the events: 12 digits, in quotes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "aws_account_id must be 12 digits, in quotes."
  }
}

variable "aws_account_region" {
  description = "AWS region that receives the events, such as eu-central-1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+){1,2}-[0-9]$", var.aws_account_region))
    error_message = "aws_account_region must be an AWS region code such as eu-central-1."
  }
}

variable "event_source_suffix" {
  description = "Last part of the partner event source's name. It names the bridge: changing it makes another event source."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,64}$", var.event_source_suffix))
    error_message = "event_source_suffix must be 1 to 64 letters, digits, '.', '-' or '_'."
  }
}

variable "topic_filters" {
  description = "Topic templates to send, with a literal {id}, such as v2.users.{id}.presence."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.topic_filters) > 0
    error_message = "topic_filters must name at least one topic."
  }

  validation {
    condition     = alltrue([for topic in var.topic_filters : can(regex("^v2(\\.([A-Za-z0-9_-]+|\\{id\\}))+$", topic))])
    error_message = "Every one of topic_filters must be a topic template such as v2.users.{id}.presence."
  }
}
