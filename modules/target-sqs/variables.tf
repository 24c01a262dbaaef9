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

variable "queue_name" {
  description = "Name of the queue, at most 80 characters; a FIFO queue's ends in .fifo."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+(\\.fifo)?$", var.queue_name)) && length(var.queue_name) <= 80
    error_message = "queue_name must be 1 to 80 letters, digits, '-' or '_', with .fifo at the end of a FIFO queue's."
  }
}

variable "fifo" {
  description = "Make a FIFO queue: order within a message group, which the rule's target names. No dead-letter queue can be one."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = contains([true, false], var.fifo)
    error_message = "fifo must be true or false."
  }
}

variable "kms_key_arn" {
  description = "ARN of the customer managed key to encrypt with, which must let EventBridge in. Without it SQS encrypts with keys of its own (SSE-SQS)."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a customer managed key. No alias: under alias/aws/sqs EventBridge may not generate data keys, its policy cannot be changed, and every event would vanish."
  }
}

variable "role_name" {
  description = "Name of a role that EventBridge delivers with, at most 64 characters. Without it the queue's own policy lets EventBridge in."
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}

variable "message_retention_seconds" {
  description = "How long a message is kept, 60 seconds to 14 days; default 14 days."
  type        = number
  default     = 1209600
  nullable    = false

  validation {
    condition     = var.message_retention_seconds >= 60 && var.message_retention_seconds <= 1209600
    error_message = "message_retention_seconds must be 60 to 1209600."
  }
}

variable "visibility_timeout_seconds" {
  description = "How long a received message stays hidden from other readers, 0 to 43200 seconds."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.visibility_timeout_seconds >= 0 && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds must be 0 to 43200."
  }
}
