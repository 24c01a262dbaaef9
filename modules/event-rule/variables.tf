variable "event_bus_name" {
  description = "Name of the event bus that the rule reads."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[/.\\-_A-Za-z0-9]{1,256}$", var.event_bus_name))
    error_message = "event_bus_name must be 1 to 256 letters, digits, '/', '.', '-' or '_'."
  }
}

variable "name" {
  description = "Name of the rule, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_-]{0,63}$", var.name))
    error_message = "name must be 1 to 64 letters, digits, '-' or '_', beginning with a letter or '_'."
  }
}

variable "description" {
  description = "Description shown in AWS, at most 512 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 512
    error_message = "description must have at most 512 characters."
  }
}

variable "state" {
  description = "ENABLED, or DISABLED: kept, but matching nothing."
  type        = string
  default     = "ENABLED"
  nullable    = false

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.state)
    error_message = "state must be ENABLED or DISABLED."
  }
}

variable "event_pattern" {
  description = "Event pattern as JSON text, at most 2048 characters. Text, because EventBridge tells 1 from 1.0 and jsonencode does not."
  type        = string
  nullable    = false

  validation {
    condition     = can(keys(jsondecode(var.event_pattern))) && length(var.event_pattern) <= 2048
    error_message = "event_pattern must be a JSON object of at most 2048 characters."
  }
}

variable "targets" {
  description = "Target id -> where events go (arn), where those go that cannot be delivered (dead_letter_arn; null: nowhere), with which role, how long EventBridge tries, what the target receives instead of the event (one of input, input_path, input_transformer), and what only a FIFO queue, a stream, an API destination or an ECS task needs. At most 5."
  type = map(object({
    arn                       = string
    dead_letter_arn           = optional(string)
    role_arn                  = optional(string)
    maximum_retry_attempts    = optional(number, 185)
    maximum_event_age_seconds = optional(number, 86400)
    input                     = optional(string)
    input_path                = optional(string)
    input_transformer = optional(object({
      paths    = optional(map(string), {})
      template = string
    }))
    message_group_id   = optional(string)
    partition_key_path = optional(string)
    http = optional(object({
      path_parameter_values   = optional(list(string), [])
      header_parameters       = optional(map(string), {})
      query_string_parameters = optional(map(string), {})
    }))
    ecs = optional(object({
      task_definition_arn = string
      launch_type         = optional(string, "FARGATE")
      subnets             = list(string)
      security_groups     = optional(list(string), [])
      assign_public_ip    = optional(bool, false)
      task_count          = optional(number, 1)
    }))
  }))
  nullable = false

  validation {
    condition     = length(var.targets) >= 1 && length(var.targets) <= 5
    error_message = "A rule must have 1 to 5 targets."
  }

  validation {
    condition     = alltrue([for id in keys(var.targets) : can(regex("^[.\\-_A-Za-z0-9]{1,64}$", id))])
    error_message = "Every key of targets must be 1 to 64 letters, digits, '.', '-' or '_'."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) :
      target.maximum_retry_attempts >= 0 && target.maximum_retry_attempts <= 185 &&
      target.maximum_event_age_seconds >= 60 && target.maximum_event_age_seconds <= 86400
    ])
    error_message = "maximum_retry_attempts must be 0 to 185 and maximum_event_age_seconds 60 to 86400."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) :
      length([for given in [target.input != null, target.input_path != null, target.input_transformer != null] : given if given]) <= 1
    ])
    error_message = "A target must have at most one of input, input_path and input_transformer."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) :
      target.input == null ? true : can(jsondecode(target.input)) && length(target.input) <= 8192
    ])
    error_message = "input must be JSON text of at most 8192 characters."
  }

  validation {
    condition = alltrue([
      for path in flatten([for target in values(var.targets) : [
        target.input_path == null ? [] : [target.input_path],
        target.partition_key_path == null ? [] : [target.partition_key_path],
        target.input_transformer == null ? [] : values(target.input_transformer.paths),
      ]]) :
      can(regex("^\\$", path)) && length(path) <= 256
    ])
    error_message = "input_path, partition_key_path and the paths of an input_transformer must begin with '$' and have at most 256 characters."
  }

  validation {
    condition = alltrue([
      for transformer in [for target in values(var.targets) : target.input_transformer if target.input_transformer != null] :
      length(transformer.template) >= 1 && length(transformer.template) <= 8192 && length(transformer.paths) <= 100 &&
      alltrue([for name in keys(transformer.paths) : can(regex("^[A-Za-z0-9_-]{1,256}$", name)) && !startswith(lower(name), "aws")])
    ])
    error_message = "An input_transformer must have a template of 1 to 8192 characters and at most 100 paths, named with letters, digits, '_' or '-', not beginning with AWS."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) :
      target.message_group_id == null ? true : length(target.message_group_id) >= 1 && length(target.message_group_id) <= 128
    ])
    error_message = "message_group_id must have 1 to 128 characters."
  }

  validation {
    condition = alltrue([
      for ecs in [for target in values(var.targets) : target.ecs if target.ecs != null] :
      contains(["FARGATE", "EC2", "EXTERNAL"], ecs.launch_type) && length(ecs.subnets) >= 1 && length(ecs.subnets) <= 16 &&
      length(ecs.security_groups) <= 5 && ecs.task_count >= 1 && ecs.task_count <= 10
    ])
    error_message = "ecs must have launch_type FARGATE, EC2 or EXTERNAL, 1 to 16 subnets, at most 5 security_groups, and task_count 1 to 10."
  }
}
