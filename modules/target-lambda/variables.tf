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

variable "function_name" {
  description = "Name of the function, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1 to 64 letters, digits, '-' or '_'."
  }
}

variable "package_file" {
  description = "Path of the zip with the function's code, as Terraform sees it from where it runs."
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

variable "handler" {
  description = "What Lambda calls in the package, such as handler.lambda_handler."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s]{1,128}$", var.handler))
    error_message = "handler must be 1 to 128 characters without white space."
  }
}

variable "runtime" {
  description = "Runtime of the function; one that AWS still supports."
  type        = string
  nullable    = false

  validation {
    condition = contains([
      "python3.10", "python3.11", "python3.12", "python3.13", "python3.14",
      "nodejs20.x", "nodejs22.x", "nodejs24.x",
      "java17", "java21", "java25",
      "ruby3.3", "ruby3.4",
      "provided.al2023", "dotnet8",
    ], var.runtime)
    error_message = "runtime must be python3.10 to python3.14, nodejs20.x, nodejs22.x, nodejs24.x, java17, java21, java25, ruby3.3, ruby3.4, provided.al2023 or dotnet8."
  }
}

variable "timeout_seconds" {
  description = "How long one event may take, 1 to 900 seconds."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds must be a whole number from 1 to 900."
  }
}

variable "memory_mb" {
  description = "Memory of the function, 128 to 10240 MB."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb must be a whole number from 128 to 10240."
  }
}

variable "environment" {
  description = "Environment variables of the function. They are readable in the plan and the state: no secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]+$", name))])
    error_message = "Names in environment must begin with a letter and go on with letters, digits or '_'."
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
  description = "What the function's code may do beside writing its log: exact actions on exact ARNs; conditions: operator -> key -> values."
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

variable "unscoped_actions" {
  description = "What the function's code may do on whatever there is: exact actions for which IAM knows no resource, such as translate:TranslateText."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for action in var.unscoped_actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])
    error_message = "Every one of unscoped_actions must be exact, such as translate:TranslateText."
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
