variable "event_source_name" {
  description = "Name of the partner event source, such as aws.partner/genesys.com/cloud/<organization id>/<suffix>. The bus gets the same name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^aws\\.partner(/[.\\-_A-Za-z0-9]+){2,}$", var.event_source_name)) && length(var.event_source_name) <= 256
    error_message = "event_source_name must look like aws.partner/genesys.com/cloud/<organization id>/<suffix> and have at most 256 characters."
  }
}
