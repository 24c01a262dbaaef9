# Credentials come from the AWS environment variables, the shared configuration files or the role of the machine.
provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["123456789012"]

  default_tags {
    tags = {
      "gcbridge:environment" = "targets"
    }
  }
}

# Target of another account or region.
provider "aws" {
  alias               = "receiver_other-account"
  region              = "eu-west-1"
  allowed_account_ids = ["210987654321"]

  assume_role {
    role_arn     = "arn:aws:iam::210987654321:role/gcbridge-receiver"
    session_name = "gcbridge"
  }

  default_tags {
    tags = {
      "gcbridge:environment" = "targets"
    }
  }
}

# Target of another account or region.
provider "aws" {
  alias               = "receiver_other-region"
  region              = "us-east-1"
  allowed_account_ids = ["123456789012"]

  default_tags {
    tags = {
      "gcbridge:environment" = "targets"
    }
  }
}
