locals {
  # Computed, so that the role can be read in the plan.
  arn = "arn:${var.aws_partition}:kinesis:${var.aws_region}:${var.aws_account_id}:stream/${var.stream_name}"
}

resource "aws_kinesis_stream" "this" {
  name             = var.stream_name
  retention_period = var.retention_hours
  shard_count      = var.shard_count
  encryption_type  = "KMS"
  kms_key_id       = var.kms_key_arn == null ? "alias/aws/kinesis" : var.kms_key_arn

  stream_mode_details {
    stream_mode = var.shard_count == null ? "ON_DEMAND" : "PROVISIONED"
  }

  lifecycle {
    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the stream ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

module "invoke_role" {
  source = "../invoke-role"

  aws_partition   = var.aws_partition
  aws_region      = var.aws_region
  aws_account_id  = var.aws_account_id
  rule_arns       = var.rule_arns
  name            = var.role_name
  statements      = [{ actions = ["kinesis:PutRecord", "kinesis:PutRecords"], resources = [local.arn] }]
  kms_key_arn     = var.kms_key_arn
  kms_via_service = "kinesis"
}
