# Credentials come from the AWS environment variables, the shared configuration files or the role of the machine.
provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["012345678901"]

  default_tags {
    tags = {
      "gcbridge:environment" = "minimal"
    }
  }
}
