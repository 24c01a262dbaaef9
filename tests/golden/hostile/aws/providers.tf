# Credentials come from the AWS environment variables, the shared configuration files or the role of the machine.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["000000000001"]

  assume_role {
    role_arn     = "arn:aws:iam::000000000001:role/a\"b$${c}"
    session_name = "gcbridge"
    external_id  = "%%{ for x in y }\"\\"
  }

  default_tags {
    tags = {
      "$${aws:tag}"                                       = "$${self}"
      "clé"                                               = "è"
      "for"                                               = "null"
      "gcbridge:environment"                              = "hostile"
      null_tag                                            = "%%{ endfor }%"
      "quote\"d"                                          = "$"
      "\U0001f469\u200d\U0001f469\u200d\U0001f467 family" = "\u200d"
    }
  }
}
