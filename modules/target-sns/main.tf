locals {
  # Computed, because a topic's policy names the topic itself; known in the plan, where a reviewer reads it.
  arn = "arn:${var.aws_partition}:sns:${var.aws_region}:${var.aws_account_id}:${var.topic_name}"

  # "You can't use Condition blocks in Amazon SNS topic policies for EventBridge", says AWS: with one, nothing arrives.
  sender = var.role_name == null ? {
    Sid       = "EventBridgePublishes"
    Principal = { Service = "events.amazonaws.com" }
    } : {
    Sid       = "AccountPublishesByItsPolicies"
    Principal = { AWS = "arn:${var.aws_partition}:iam::${var.aws_account_id}:root" }
  }

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.sender, { Effect = "Allow", Action = "sns:Publish", Resource = local.arn })]
  })
}

resource "aws_sns_topic" "this" {
  name              = var.topic_name
  kms_master_key_id = var.kms_key_arn
  policy            = local.policy

  lifecycle {
    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the topic ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

module "invoke_role" {
  source = "../invoke-role"
  count  = var.role_name == null ? 0 : 1

  aws_partition   = var.aws_partition
  aws_region      = var.aws_region
  aws_account_id  = var.aws_account_id
  rule_arns       = var.rule_arns
  name            = var.role_name
  statements      = [{ actions = ["sns:Publish"], resources = [local.arn] }]
  kms_key_arn     = var.kms_key_arn
  kms_via_service = "sns"
}
