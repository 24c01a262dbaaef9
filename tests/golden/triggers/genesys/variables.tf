variable "genesys_gateway" {
  description = "API address other than the region's own; null means the region's own."
  type = object({
    protocol = string
    host     = string
    port     = string
  })
  default = null

  validation {
    condition     = var.genesys_gateway == null || contains(["http", "https"], try(var.genesys_gateway.protocol, ""))
    error_message = "The protocol of genesys_gateway must be http or https."
  }

  validation {
    condition     = var.genesys_gateway == null || can(regex("^[0-9]{1,5}$", var.genesys_gateway.port))
    error_message = "The port of genesys_gateway must be a number in quotes."
  }
}
