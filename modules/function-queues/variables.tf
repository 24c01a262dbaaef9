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

variable "queues" {
  description = "Queues by name: queue_name (at most 80 characters, ending in .fifo for a FIFO queue), fifo, and message_retention_seconds (60 seconds to 14 days; default 4 days)."
  type = map(object({
    queue_name                = string
    fifo                      = optional(bool, false)
    message_retention_seconds = optional(number, 345600)
  }))
  nullable = false

  validation {
    condition     = length(var.queues) > 0 && alltrue([for name in keys(var.queues) : can(regex("^[A-Za-z][A-Za-z0-9_]*$", name))])
    error_message = "queues must hold at least one queue, under a name that begins with a letter and goes on with letters, digits or '_'."
  }

  validation {
    condition     = alltrue([for queue in values(var.queues) : can(regex("^[A-Za-z0-9_-]+(\\.fifo)?$", queue.queue_name)) && length(queue.queue_name) <= 80])
    error_message = "Every queue_name must be 1 to 80 letters, digits, '-' or '_', with .fifo at the end of a FIFO queue's."
  }

  validation {
    condition     = alltrue([for queue in values(var.queues) : queue.message_retention_seconds >= 60 && queue.message_retention_seconds <= 1209600])
    error_message = "Every message_retention_seconds must be 60 to 1209600."
  }
}
