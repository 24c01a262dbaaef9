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

variable "state_machine_name" {
  description = "Name of the state machine, at most 80 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.state_machine_name))
    error_message = "state_machine_name must be 1 to 80 letters, digits, '-' or '_'."
  }
}

variable "definition" {
  description = "Definition in Amazon States Language, as JSON text."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.definition).States[jsondecode(var.definition).StartAt]) && length(var.definition) <= 1048576
    error_message = "definition must be a JSON object of at most 1 MiB whose StartAt names one of its States."
  }
}

variable "machine_type" {
  description = "STANDARD: runs for up to a year and is remembered. EXPRESS: up to five minutes, cheaper, and may run twice."
  type        = string
  default     = "STANDARD"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "EXPRESS"], var.machine_type)
    error_message = "machine_type must be STANDARD or EXPRESS."
  }
}

variable "execution_role_arn" {
  description = "ARN of the role that the state machine runs as. This or execution_role_name."
  type        = string
  default     = null

  validation {
    condition     = var.execution_role_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", var.execution_role_arn))
    error_message = "execution_role_arn must be the ARN of an IAM role."
  }
}

variable "execution_role_name" {
  description = "Name of a new role that the state machine runs as, at most 64 characters. It may do nothing: a definition whose tasks call AWS needs execution_role_arn."
  type        = string
  default     = null

  validation {
    condition     = var.execution_role_name == null || can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.execution_role_name))
    error_message = "execution_role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}

variable "role_name" {
  description = "Name of the role that EventBridge delivers with, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}
