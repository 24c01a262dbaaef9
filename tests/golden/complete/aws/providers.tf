# Credentials come from the AWS environment variables, the shared configuration files or the role of the machine.
provider "aws" {
  region              = "us-gov-west-1"
  allowed_account_ids = ["123456789012"]

  assume_role {
    role_arn     = "arn:aws-us-gov:iam::123456789012:role/deploy/gcbridge"
    session_name = "gcbridge-prod"
    external_id  = "contact-centre"
  }

  default_tags {
    tags = {
      "cost centre"          = "4711"
      "gcbridge:environment" = "complete"
      team                   = "contact-centre"
    }
  }
}
