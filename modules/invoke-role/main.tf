locals {
  arn        = "arn:${var.aws_partition}:iam::${var.aws_account_id}:role/${var.name}"
  rule_arns  = sort(distinct(var.rule_arns))
  dns_suffix = var.aws_partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"

  trust_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RulesAssumeRole"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = local.rule_arns }
        StringEquals = { "aws:SourceAccount" = var.aws_account_id }
      }
    }]
  })

  key_statements = [for arn in var.kms_key_arn == null ? [] : [var.kms_key_arn] : {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [arn]
    conditions = var.kms_via_service == null ? {} : {
      StringEquals = { "kms:ViaService" = ["${var.kms_via_service}.${var.aws_region}.${local.dns_suffix}"] }
    }
  }]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in concat(var.statements, local.key_statements) : merge(
        {
          Effect   = "Allow"
          Action   = try(one(distinct(statement.actions)), sort(distinct(statement.actions)))
          Resource = try(one(distinct(statement.resources)), sort(distinct(statement.resources)))
        },
        { for name, conditions in { Condition = statement.conditions } : name => {
          for operator, values in conditions : operator => {
            for key, value in values : key => try(one(distinct(value)), sort(distinct(value)))
          }
        } if length(conditions) > 0 },
      )
    ]
  })
}

resource "aws_iam_role" "this" {
  name               = var.name
  description        = "EventBridge delivers to a target with this role."
  assume_role_policy = local.trust_policy

  lifecycle {
    precondition {
      condition     = length(local.trust_policy) <= 2048
      error_message = "IAM allows 2048 characters of trust policy, and ${length(var.rule_arns)} rules need ${length(local.trust_policy)}: give some of them another target."
    }

    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the role ${self.arn}, but ${local.arn} was planned: aws_account_id or aws_partition is not the provider's."
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "deliver"
  role   = aws_iam_role.this.name
  policy = local.policy
}

# A key's policy need not leave anything to IAM. A grant counts in either case, and leaves the key's policy as it is.
resource "aws_kms_grant" "this" {
  count = var.kms_key_arn == null ? 0 : 1

  name   = var.name
  key_id = var.kms_key_arn
  # Not local.arn: a grant is for the role that was there, and a role made anew under its name needs another one.
  grantee_principal = aws_iam_role.this.arn
  operations        = ["Decrypt", "GenerateDataKey"]
}
