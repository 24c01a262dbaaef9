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

variable "arn" {
  description = "ARN of what exists: an SQS queue, SNS topic, Lambda function (or alias, or version of one), Kinesis or Firehose stream, state machine, API destination, event bus or log group."
  type        = string
  nullable    = false

  validation {
    condition = anytrue([
      for resource in [
        "sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}(\\.fifo)?",
        "sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
        "lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?",
        "kinesis:[a-z0-9-]+:[0-9]{12}:stream/[A-Za-z0-9_.-]+",
        "firehose:[a-z0-9-]+:[0-9]{12}:deliverystream/[A-Za-z0-9_.-]+",
        "states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]+(:[A-Za-z0-9_.-]+)?",
        "events:[a-z0-9-]+:[0-9]{12}:api-destination/[.\\-_A-Za-z0-9]+/[A-Za-z0-9-]+",
        "events:[a-z0-9-]+:[0-9]{12}:event-bus/[/.\\-_A-Za-z0-9]+",
        "logs:[a-z0-9-]+:[0-9]{12}:log-group:[A-Za-z0-9_/.#-]+",
      ] : can(regex("^arn:aws[a-z-]*:${resource}$", var.arn))
    ])
    error_message = "arn must be the exact ARN of an SQS queue, a standard SNS topic, a Lambda function, a Kinesis or Firehose stream, a state machine, an API destination, an event bus or a log group (without :* at its end)."
  }
}

variable "kms_key_arn" {
  description = "ARN of the customer managed key that the queue, topic or stream is encrypted with; it gets a grant for the role."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias: a grant belongs to a key."
  }
}

variable "policy_name" {
  description = "Name of the resource policy of a log group, unique in account and region. Without it the name is made from the log group's and the rules' event bus."
  type        = string
  default     = null

  validation {
    condition     = var.policy_name == null || can(regex("^[A-Za-z0-9_.-]{1,512}$", var.policy_name))
    error_message = "policy_name must be 1 to 512 letters, digits, '_', '.' or '-'."
  }
}

variable "role_name" {
  description = "Name of a role that EventBridge delivers with, at most 64 characters. Needed by everything but a Lambda function and a log group, whose own policies let EventBridge in."
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}
