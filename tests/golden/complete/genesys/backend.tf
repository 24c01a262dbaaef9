terraform {
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "platform/gcbridge/complete/genesys.tfstate"
    region       = "us-gov-east-1"
    encrypt      = true
    use_lockfile = true

    kms_key_id = "arn:aws-us-gov:kms:us-gov-east-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"

    assume_role = {
      role_arn     = "arn:aws-us-gov:iam::123456789012:role/deploy/gcbridge"
      external_id  = "contact-centre"
      session_name = "gcbridge-prod"
    }
  }
}
