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

variable "keep_days" {
  description = "Days after which objects are deleted, and parts of uploads that never ended. Without it objects stay for ever."
  type        = number
  default     = null

  validation {
    condition     = var.keep_days == null ? true : var.keep_days >= 1 && floor(var.keep_days) == var.keep_days
    error_message = "keep_days must be a whole number, 1 or more."
  }
}

variable "role_name" {
  description = "Name of the role with which the stream writes to the bucket, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}

variable "statements" {
  description = "What the role may do besides writing: statements of an IAM policy with exact actions on exact ARNs."
  type = list(object({
    Sid       = string
    Effect    = optional(string, "Allow")
    Action    = list(string)
    Resource  = string
    Condition = optional(map(map(string)))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for action in flatten(var.statements[*].Action) : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])
    error_message = "Every action must be exact, such as kinesis:GetRecords, without a wildcard."
  }

  validation {
    condition     = alltrue([for statement in var.statements : can(regex("^arn:aws[a-z-]*:[^*?]+$", statement.Resource))])
    error_message = "Every resource must be an exact ARN, without a wildcard."
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
