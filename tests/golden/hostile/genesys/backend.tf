terraform {
  backend "s3" {
    bucket       = "state-bucket"
    key          = "gcbridge/hostile/genesys.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true

    kms_key_id = "alias/\"$${x}\""

    assume_role = {
      role_arn     = "arn:aws:iam::000000000001:role/a\"b$${c}"
      external_id  = "%%{ for x in y }\"\\"
      session_name = "gcbridge"
    }
  }
}
