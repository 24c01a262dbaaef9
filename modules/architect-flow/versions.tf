terraform {
  required_version = ">= 1.7.0"

  required_providers {
    genesyscloud = {
      source = "mypurecloud/genesyscloud"
      # Before 1.69.0 there was no update_trigger_hash, and file_content_hash had to be written.
      version = ">= 1.69.0"
    }
  }
}
