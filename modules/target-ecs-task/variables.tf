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

variable "cluster_arn" {
  description = "ARN of the cluster that runs the task; null: one named name is made."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_arn == null || can(regex("^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_-]+$", var.cluster_arn))
    error_message = "cluster_arn must be the ARN of an ECS cluster."
  }
}

variable "task_definition_arn" {
  description = "ARN of an existing task definition with its revision; or give name and image."
  type        = string
  default     = null

  validation {
    condition     = var.task_definition_arn == null || can(regex("^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:task-definition/[A-Za-z0-9_-]+:[0-9]+$", var.task_definition_arn))
    error_message = "task_definition_arn must be the ARN of a task definition with its revision, such as ...:task-definition/archive:7."
  }
}

variable "pass_role_arns" {
  description = "ARNs of the roles that the existing task definition names: its task role and its execution role, none if it names none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.pass_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*?]+$", arn))])
    error_message = "Every one of pass_role_arns must be the exact ARN of a role."
  }
}

variable "name" {
  description = "Name of what is made: cluster, task definition, log group /ecs/<name>, roles <name>-execution and <name>-task. At most 54 characters."
  type        = string
  default     = null

  validation {
    condition     = var.name == null || can(regex("^[A-Za-z0-9_-]{1,54}$", var.name))
    error_message = "name must be 1 to 54 letters, digits, '-' or '_'."
  }
}

variable "image" {
  description = "Container image of a new task definition; one that is pulled without credentials, or give execution_role_arn."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("^[^\\s]{1,512}$", var.image))
    error_message = "image must be 1 to 512 characters without white space, such as public.ecr.aws/docker/library/busybox:1.37."
  }
}

variable "cpu" {
  description = "CPU units of a new task definition; one of the sizes that Fargate has."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "cpu must be 256, 512, 1024, 2048, 4096, 8192 or 16384."
  }
}

variable "memory" {
  description = "Memory of a new task definition in MB; what Fargate allows depends on cpu."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory >= 512 && var.memory <= 122880 && floor(var.memory) == var.memory
    error_message = "memory must be a whole number from 512 to 122880."
  }
}

variable "container_name" {
  description = "Name of the container in a new task definition; ContainerOverrides in a rule's input name it."
  type        = string
  default     = "events"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.container_name))
    error_message = "container_name must be 1 to 255 letters, digits, '-' or '_'."
  }
}

variable "environment" {
  description = "Environment variables of the container. They are readable in the plan and the state: no secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : length(name) > 0])
    error_message = "Every key of environment must be the name of a variable."
  }
}

variable "execution_role_arn" {
  description = "ARN of the role with which ECS pulls the image and writes the log of a new task definition; null: one that may write the log is made."
  type        = string
  default     = null

  validation {
    condition     = var.execution_role_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*?]+$", var.execution_role_arn))
    error_message = "execution_role_arn must be the exact ARN of a role."
  }
}

variable "task_role_arn" {
  description = "ARN of the role that the container of a new task definition has; null: one without permissions is made."
  type        = string
  default     = null

  validation {
    condition     = var.task_role_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*?]+$", var.task_role_arn))
    error_message = "task_role_arn must be the exact ARN of a role."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps what the container writes; one of the values it allows."
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

variable "role_name" {
  description = "Name of the role with which EventBridge starts the task, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}
