variable "filepath" {
  description = "Architect YAML of the flow, relative to the root module. Its name stands in it; another name makes another flow in its place."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("\\.ya?ml$", var.filepath)) && !startswith(var.filepath, "/")
    error_message = "filepath must be a relative path of a YAML file."
  }
}

variable "substitutions" {
  description = "Name -> value, put where the file says {{name}}."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.substitutions) : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "Names of substitutions are letters, digits, '-' and '_'."
  }
}

variable "force_unlock" {
  description = "Deploy even while somebody else holds the flow's lock in Architect."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = contains([true, false], var.force_unlock)
    error_message = "force_unlock must be true or false."
  }
}
