variable "name" {
  description = "Name of the dashboard, at most 255 characters; unique in the account, over all regions."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.name))
    error_message = "name must be 1 to 255 letters, digits, '_' or '-'."
  }
}

variable "body" {
  description = "Body of the dashboard as JSON text, with 1 to 500 widgets."
  type        = string
  nullable    = false

  validation {
    condition     = can(length(jsondecode(var.body).widgets) >= 1) ? length(jsondecode(var.body).widgets) >= 1 && length(jsondecode(var.body).widgets) <= 500 : false
    error_message = "body must be JSON text with a list \"widgets\" of 1 to 500 entries."
  }
}
