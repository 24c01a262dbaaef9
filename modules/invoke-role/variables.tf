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

variable "name" {
  description = "Name of the role, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}

variable "statements" {
  description = "What the role may do: exact actions on exact ARNs; conditions are operator -> key -> values."
  type = list(object({
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  nullable = false

  validation {
    condition     = length(var.statements) > 0 && alltrue([for statement in var.statements : length(statement.actions) > 0 && length(statement.resources) > 0])
    error_message = "statements must hold at least one statement, and each of them an action and a resource."
  }

  validation {
    condition     = alltrue([for action in flatten(var.statements[*].actions) : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])
    error_message = "Every action must be exact, such as kinesis:PutRecord, without a wildcard."
  }

  validation {
    condition     = alltrue([for resource in flatten(var.statements[*].resources) : can(regex("^arn:aws[a-z-]*:[^*?]+$", resource))])
    error_message = "Every resource must be an exact ARN, without a wildcard."
  }
}

variable "kms_key_arn" {
  description = "ARN of the customer managed key that the target is encrypted with: the role may use it, by its own policy and by a grant on the key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias: a grant belongs to a key."
  }
}

variable "kms_via_service" {
  description = "Service that uses the key on the role's behalf, such as sqs: through another the role may not use it. Without it, through any."
  type        = string
  default     = null

  validation {
    condition     = var.kms_via_service == null || can(regex("^[a-z0-9-]+$", var.kms_via_service))
    error_message = "kms_via_service must be a service's name in lower case, such as sqs."
  }
}
