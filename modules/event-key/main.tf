locals {
  # Put together, although AWS says it too: of such a text Terraform knows before the apply that it is not null.
  arn = "arn:${var.aws_partition}:kms:${var.aws_region}:${var.aws_account_id}:key/${aws_kms_key.this.key_id}"

  administration = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
  ]
  use = ["kms:Decrypt", "kms:GenerateDataKey"]

  account = { AWS = "arn:${var.aws_partition}:iam::${var.aws_account_id}:root" }
  events  = { Service = "events.amazonaws.com" }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid       = "AccountAdministersByItsPolicies"
          Effect    = "Allow"
          Principal = local.account
          Action    = local.administration
          Resource  = local.arn
        },
        {
          Sid       = "AccountUsesByItsPolicies"
          Effect    = "Allow"
          Principal = local.account
          Action    = local.use
          Resource  = local.arn
        },
        {
          Sid       = "RulesEncrypt"
          Effect    = "Allow"
          Principal = local.events
          Action    = local.use
          Resource  = local.arn
          Condition = {
            ArnEquals    = { "aws:SourceArn" = sort(distinct(var.rule_arns)) }
            StringEquals = { "aws:SourceAccount" = var.aws_account_id }
          }
        },
      ],
      # With aws:SourceArn or aws:SourceAccount, EventBridge could not publish to an encrypted topic, and would not say so.
      [for topic_arns in [sort(distinct(var.topic_arns))] : {
        Sid       = "RulesEncryptForTopics"
        Effect    = "Allow"
        Principal = local.events
        Action    = local.use
        Resource  = local.arn
        Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = topic_arns } }
      } if length(topic_arns) > 0],
    )
  })
}

resource "aws_kms_key" "this" {
  description         = var.description
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "this" {
  key_id = aws_kms_key.this.key_id
  policy = local.policy

  lifecycle {
    precondition {
      condition     = length(local.policy) <= 32768
      error_message = "KMS allows 32768 characters of key policy, and ${length(var.rule_arns)} rules need ${length(local.policy)}: give some of them another key."
    }

    precondition {
      condition     = aws_kms_key.this.arn == local.arn
      error_message = "AWS made the key ${aws_kms_key.this.arn}, not ${local.arn}: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}
