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
  description = "Name of the API destination and of its connection, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 letters, digits, '_', '.' or '-'."
  }
}

variable "endpoint_url" {
  description = "Where events are sent, such as https://example.com/events; AWS takes https only. '*' stands for a path parameter of the rule's target."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https?://[^\\s/?#]+[^\\s]*$", var.endpoint_url)) && length(var.endpoint_url) <= 2048
    error_message = "endpoint_url must be a URL of at most 2048 characters, such as https://example.com/events."
  }
}

variable "http_method" {
  description = "HTTP method of the request."
  type        = string
  default     = "POST"
  nullable    = false

  validation {
    condition     = contains(["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"], var.http_method)
    error_message = "http_method must be POST, GET, HEAD, OPTIONS, PUT, PATCH or DELETE."
  }
}

variable "rate_limit_per_second" {
  description = "Requests a second at most, 1 to 300; what comes faster waits."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.rate_limit_per_second >= 1 && var.rate_limit_per_second <= 300 && floor(var.rate_limit_per_second) == var.rate_limit_per_second
    error_message = "rate_limit_per_second must be a whole number from 1 to 300."
  }
}

variable "authorization" {
  description = "How EventBridge authorizes itself: API_KEY with key_name (a header) and, if the body carries the key as well, body_key, BASIC with username, or OAUTH with client_id, authorization_endpoint, http_method and body. The secret stands elsewhere."
  type = object({
    type                   = string
    key_name               = optional(string)
    body_key               = optional(string)
    username               = optional(string)
    client_id              = optional(string)
    authorization_endpoint = optional(string)
    http_method            = optional(string, "POST")
    body                   = optional(map(string), { grant_type = "client_credentials" })
  })
  nullable = false

  validation {
    condition     = contains(["API_KEY", "BASIC", "OAUTH"], var.authorization.type)
    error_message = "authorization.type must be API_KEY, BASIC or OAUTH."
  }

  validation {
    condition     = var.authorization.type != "API_KEY" || try(length(var.authorization.key_name) > 0, false)
    error_message = "API_KEY needs authorization.key_name, the name of the header."
  }

  validation {
    condition     = var.authorization.body_key == null || (var.authorization.type == "API_KEY" && can(regex("^[A-Za-z0-9_-]{1,128}$", var.authorization.body_key)))
    error_message = "authorization.body_key belongs to API_KEY and has 1 to 128 letters, digits, '_' or '-'."
  }

  validation {
    condition     = var.authorization.type != "BASIC" || try(length(var.authorization.username) > 0, false)
    error_message = "BASIC needs authorization.username."
  }

  validation {
    condition = var.authorization.type != "OAUTH" || (
      try(length(var.authorization.client_id) > 0, false) &&
      can(regex("^https?://[^\\s]+$", var.authorization.authorization_endpoint)) &&
      contains(["GET", "POST", "PUT"], var.authorization.http_method) &&
      length(var.authorization.body) > 0
    )
    error_message = "OAUTH needs authorization.client_id, an authorization_endpoint that is a URL, GET, POST or PUT as http_method, and a body."
  }
}

variable "secret" {
  description = "Key, password or client secret that the connection begins with. Keep the default, which no service takes, and set the real one by UpdateConnection: what stands here is in the plan and the state."
  type        = string
  default     = "placeholder-until-update-connection"
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.secret) >= 1 && length(var.secret) <= 512
    error_message = "secret must have 1 to 512 characters."
  }
}

variable "role_name" {
  description = "Name of the role with which EventBridge invokes the API destination, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits or any of '_+=,.@-'."
  }
}
