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

variable "stream_arn" {
  description = "ARN of the Kinesis stream to read, in the account and region of the provider."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[A-Za-z0-9_.-]{1,128}$", var.stream_arn))
    error_message = "stream_arn must be the ARN of a Kinesis stream."
  }
}

variable "kms_key_arn" {
  description = "ARN of the customer managed key that the stream is encrypted with: the role may decrypt with it, by its own policy and by a grant on the key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias: a grant belongs to a key."
  }
}

variable "delivery_stream_name" {
  description = "Name of the delivery stream, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,64}$", var.delivery_stream_name))
    error_message = "delivery_stream_name must be 1 to 64 letters, digits, '_', '.' or '-'."
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

variable "keep_days" {
  description = "Days after which objects are deleted, and parts of uploads that never ended. Without it objects stay for ever."
  type        = number
  default     = null

  validation {
    condition     = var.keep_days == null ? true : var.keep_days >= 1 && floor(var.keep_days) == var.keep_days
    error_message = "keep_days must be a whole number, 1 or more."
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
  description = "What the key of every object begins with, ending in '/'; day=<date>/hour=<hour>/ follows. Objects that fail are below failed/ instead."
  type        = string
  default     = "events/"
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_.=-]+/)*$", var.prefix)) && length(var.prefix) <= 512
    error_message = "prefix must be at most 512 letters, digits, '_', '.', '=', '-' or '/', and end in '/' if it is not empty."
  }
}

variable "buffer_seconds" {
  description = "An object is written at the latest after so many seconds, 0 to 900."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.buffer_seconds >= 0 && var.buffer_seconds <= 900 && floor(var.buffer_seconds) == var.buffer_seconds
    error_message = "buffer_seconds must be a whole number from 0 to 900."
  }
}

variable "buffer_mb" {
  description = "An object is written at the latest after so many MB, 1 to 128."
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

variable "first_day" {
  description = "First day that the table looks for, such as 2024-01-01; the last is always today."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", var.first_day)) && can(formatdate("YYYY", "${var.first_day}T00:00:00Z"))
    error_message = "first_day must be a day of the calendar such as 2024-01-01."
  }
}

variable "database_name" {
  description = "Name of the Glue database: small letters, digits and '_', which Athena takes without quotes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,254}$", var.database_name))
    error_message = "database_name must be 1 to 255 small letters, digits or '_', beginning with a letter."
  }
}

variable "table_name" {
  description = "Name of the Glue table: small letters, digits and '_', which Athena takes without quotes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,254}$", var.table_name))
    error_message = "table_name must be 1 to 255 small letters, digits or '_', beginning with a letter."
  }
}

variable "workgroup_name" {
  description = "Name of the Athena workgroup, at most 128 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,128}$", var.workgroup_name))
    error_message = "workgroup_name must be 1 to 128 letters, digits, '.', '_' or '-'."
  }
}
