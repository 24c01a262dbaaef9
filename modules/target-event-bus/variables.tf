variable "aws_partition" {
  description = "ARN partition, such as aws."
  type        = string
  default     = "aws"
  nullable    = false

  validation {
    condition     = can(regex("^aws(-[a-z]+)*$", var.aws_partition))
    error_message = "aws_partition must be an ARN partition such as aws or aws-us-gov."
  }
}

variable "aws_region" {
  description = "Region of the provider, such as eu-central-1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+){1,2}-[0-9]$", var.aws_region))
    error_message = "aws_region must be an AWS region code such as eu-central-1."
  }
}

variable "aws_account_id" {
  description = "Account of the provider: 12 digits, in quotes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "aws_account_id must be 12 digits, in quotes."
  }
}

variable "rule_arns" {
  description = "ARNs of the rules that may send here, and nothing else may."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.rule_arns) > 0
    error_message = "rule_arns must name at least one rule."
  }

  validation {
    condition     = alltrue([for arn in var.rule_arns : can(regex("^arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:rule/[^*?]+$", arn))])
    error_message = "Every one of rule_arns must be the exact ARN of an EventBridge rule."
  }
}

variable "event_bus_name" {
  description = "Name of the bus that receives: one of the receiver's own, or default. Partner buses take their partner's events only."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,256}$", var.event_bus_name))
    error_message = "event_bus_name must be 1 to 256 letters, digits, '_', '.' or '-'."
  }
}

variable "receiver_region" {
  description = "Region of the bus that receives, and of the provider aws.receiver."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+){1,2}-[0-9]$", var.receiver_region))
    error_message = "receiver_region must be an AWS region code such as eu-central-1."
  }
}

variable "receiver_account_id" {
  description = "Account of the bus that receives, and of the provider aws.receiver: 12 digits, in quotes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.receiver_account_id))
    error_message = "receiver_account_id must be 12 digits, in quotes."
  }
}

variable "create_event_bus" {
  description = "Whether the bus is made here; false: it exists, and its policy keeps all that stands in it."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = contains([true, false], var.create_event_bus)
    error_message = "create_event_bus must be true or false."
  }
}

variable "role_name" {
  description = "Name of the role with which EventBridge sends, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}
