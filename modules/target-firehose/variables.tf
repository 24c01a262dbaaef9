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

variable "stream_name" {
  description = "Name of the delivery stream, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,64}$", var.stream_name))
    error_message = "stream_name must be 1 to 64 letters, digits, '_', '.' or '-'."
  }
}

variable "bucket_name" {
  description = "Name of the S3 bucket; bucket names are unique in the whole world."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 small letters, digits, '.' or '-', beginning and ending with a letter or digit."
  }
}

variable "create_bucket" {
  description = "Whether the bucket is made here, private and encrypted with AES-256; false: it exists, and stays as it is."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = contains([true, false], var.create_bucket)
    error_message = "create_bucket must be true or false."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes the objects in it; otherwise AWS refuses to destroy a bucket with objects."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = contains([true, false], var.force_destroy)
    error_message = "force_destroy must be true or false."
  }
}

variable "role_name" {
  description = "Name of the role with which EventBridge puts events into the stream, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}

variable "delivery_role_name" {
  description = "Name of the role with which the stream writes to the bucket, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.delivery_role_name))
    error_message = "delivery_role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}

variable "prefix" {
  description = "What the key of every object begins with, ending in '/'; topic and date follow. Objects that fail are below failed/ instead."
  type        = string
  default     = "events/"
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_.=-]+/)*$", var.prefix)) && length(var.prefix) <= 512
    error_message = "prefix must be at most 512 letters, digits, '_', '.', '=', '-' or '/', and end in '/' if it is not empty."
  }
}

variable "partition_by_topic" {
  description = "Whether each topic gets a folder topic=<detail-type> of its own, by dynamic partitioning, which AWS bills. It cannot be changed on an existing stream: that is replaced."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = contains([true, false], var.partition_by_topic)
    error_message = "partition_by_topic must be true or false."
  }
}

variable "buffer_seconds" {
  description = "An object is written at the latest after so many seconds, 0 to 900; with partition_by_topic not 0."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.buffer_seconds >= 0 && var.buffer_seconds <= 900 && floor(var.buffer_seconds) == var.buffer_seconds
    error_message = "buffer_seconds must be a whole number from 0 to 900."
  }
}

variable "buffer_mb" {
  description = "An object is written at the latest after so many MB, 1 to 128; with partition_by_topic 64 to 128."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = var.buffer_mb >= 1 && var.buffer_mb <= 128 && floor(var.buffer_mb) == var.buffer_mb
    error_message = "buffer_mb must be a whole number from 1 to 128."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the stream's delivery errors; one of the values it allows."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days must be one of the values that CloudWatch Logs allows, such as 7, 30 or 365."
  }
}
