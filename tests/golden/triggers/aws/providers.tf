# Credentials come from the AWS environment variables, the shared configuration files or the role of the machine.
provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["123456789012"]

  default_tags {
    tags = {
      "gcbridge:environment" = "triggers"
    }
  }
}
