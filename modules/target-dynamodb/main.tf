locals {
  create_table = var.table_arn == null
  table_name   = local.create_table ? var.table_name : try(split("/", var.table_arn)[1], null)
  own_prefix   = "arn:${var.aws_partition}:dynamodb:${var.aws_region}:${var.aws_account_id}:table/"
  table_arn    = "${local.own_prefix}${coalesce(local.table_name, "missing")}"
  put_item     = { actions = ["dynamodb:PutItem"], resources = [local.table_arn] }
  statements   = concat([local.put_item], var.execution_statements)

  environment = merge(
    { TABLE_NAME = coalesce(local.table_name, "missing"), KEY_PATH = var.key_path, TIME_PATH = var.time_path },
    var.ttl_days == null ? {} : { TTL_DAYS = tostring(var.ttl_days) },
  )
}

resource "aws_dynamodb_table" "this" {
  count = local.create_table ? 1 : 0

  name                        = local.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  deletion_protection_enabled = false

  attribute {
    name = "pk"
    type = "S"
  }

  # Always on: without ttl_days no item has the attribute, and items without it never expire.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  lifecycle {
    precondition {
      condition     = var.table_name != null
      error_message = "Give table_name for a new table, or table_arn for one that exists."
    }

    postcondition {
      condition     = self.arn == local.table_arn
      error_message = "AWS made the table ${self.arn}, but ${local.table_arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

module "function" {
  source = "../target-lambda"

  aws_partition         = var.aws_partition
  aws_region            = var.aws_region
  aws_account_id        = var.aws_account_id
  rule_arns             = var.rule_arns
  function_name         = var.function_name
  package_file          = var.package_file
  package_sha256_base64 = var.package_sha256_base64
  handler               = "handler.handle"
  runtime               = "python3.13"
  timeout_seconds       = 30
  memory_mb             = 256
  execution_role_name   = var.execution_role_name
  failure_queue_arn     = var.failure_queue_arn
  log_retention_days    = var.log_retention_days
  environment           = local.environment
  execution_statements  = local.statements
}
