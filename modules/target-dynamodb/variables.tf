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

variable "table_name" {
  description = "Name of a new table, 3 to 255 characters; or give table_arn."
  type        = string
  default     = null

  validation {
    condition     = var.table_name == null || can(regex("^[A-Za-z0-9_.-]{3,255}$", var.table_name))
    error_message = "table_name must be 3 to 255 letters, digits, '_', '.' or '-'."
  }
}

variable "table_arn" {
  description = "ARN of an existing table with the hash key pk, a string, and no range key; or give table_name."
  type        = string
  default     = null

  validation {
    condition     = var.table_arn == null || can(regex("^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]{3,255}$", var.table_arn))
    error_message = "table_arn must be the ARN of a DynamoDB table."
  }
}

variable "key_path" {
  description = "Where in the event its entity is named; the table keeps one item for each. An event without it goes to failure_queue_arn."
  type        = string
  default     = "$.detail.topicName"
  nullable    = false

  validation {
    condition     = can(regex("^\\$(\\.[A-Za-z0-9_-]+(\\[[0-9]+\\])*)+$", var.key_path))
    error_message = "key_path must be a path such as $.detail.topicName."
  }
}

variable "time_path" {
  description = "Where in the event its time stands, as ISO 8601 or milliseconds: paths separated by commas, the first that holds a time counts, and the envelope's time where none does."
  type        = string
  default     = "$.detail.eventBody.eventTime,$.detail.timestamp"
  nullable    = false

  validation {
    condition     = alltrue([for path in split(",", var.time_path) : can(regex("^\\$(\\.[A-Za-z0-9_-]+(\\[[0-9]+\\])*)+$", path))])
    error_message = "time_path must be paths such as $.detail.timestamp, separated by commas without spaces."
  }
}

variable "ttl_days" {
  description = "Days from an event's time until DynamoDB deletes its item; null: never."
  type        = number
  default     = null

  validation {
    condition     = var.ttl_days == null ? true : var.ttl_days >= 1 && floor(var.ttl_days) == var.ttl_days
    error_message = "ttl_days must be a whole number from 1."
  }
}

variable "function_name" {
  description = "Name of the function that writes to the table, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1 to 64 letters, digits, '-' or '_'."
  }
}

variable "package_file" {
  description = "Path of the zip with function/handler.py at its top, as Terraform sees it from where it runs."
  type        = string
  nullable    = false

  validation {
    condition     = var.package_file != ""
    error_message = "package_file must be the path of a zip."
  }
}

variable "package_sha256_base64" {
  description = "SHA-256 of package_file in base64, as filebase64sha256 writes it; another one in the plan means other code."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+/]{43}=$", var.package_sha256_base64))
    error_message = "package_sha256_base64 must be the 44 characters of a SHA-256 in base64."
  }
}

variable "execution_role_name" {
  description = "Name of the role that the function runs with, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.execution_role_name))
    error_message = "execution_role_name must be 1 to 64 letters, digits or characters of '+=,.@_-'."
  }
}

variable "execution_statements" {
  description = "What the function may do beside writing its log and putting items, such as using the key of failure_queue_arn: exact actions on exact ARNs; conditions: operator -> key -> values."
  type = list(object({
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for statement in var.execution_statements : length(statement.actions) > 0 && length(statement.resources) > 0])
    error_message = "Every one of execution_statements must name an action and a resource."
  }

  validation {
    condition     = alltrue(flatten([for statement in var.execution_statements : [for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))]]))
    error_message = "Every action in execution_statements must be exact, such as dynamodb:PutItem."
  }

  validation {
    condition     = alltrue(flatten([for statement in var.execution_statements : [for resource in statement.resources : can(regex("^arn:[^*]*:[^*]+(/\\*|:\\*)?$", resource))]]))
    error_message = "Every resource in execution_statements must be an ARN; '*' is allowed at its end only, after '/' or ':'."
  }
}

variable "failure_queue_arn" {
  description = "ARN of the SQS queue that takes what the function failed to process, after Lambda's own two retries; null: such events are lost."
  type        = string
  default     = null

  validation {
    condition     = var.failure_queue_arn == null || can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.failure_queue_arn))
    error_message = "failure_queue_arn must be the ARN of a standard SQS queue."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the function's log; one of the values it allows."
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
