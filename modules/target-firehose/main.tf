locals {
  arn            = "arn:${var.aws_partition}:firehose:${var.aws_region}:${var.aws_account_id}:deliverystream/${var.stream_name}"
  bucket_arn     = "arn:${var.aws_partition}:s3:::${var.bucket_name}"
  log_group      = "/aws/kinesisfirehose/${var.stream_name}"
  log_stream     = "delivery"
  log_stream_arn = "arn:${var.aws_partition}:logs:${var.aws_region}:${var.aws_account_id}:log-group:${local.log_group}:log-stream:${local.log_stream}"

  statements = [{
    actions   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
    resources = [local.arn]
  }]

  # Firehose's own dates, in UTC; the topic is what the jq expression below calls so.
  date  = "!{timestamp:yyyy/MM/dd}/"
  topic = var.partition_by_topic ? "topic=!{partitionKeyFromQuery:topic}/" : ""

  # A detail-type holds {id}: S3 advises against braces in keys, and '/' would begin another folder. Plain split and
  # join, since no document says whether Firehose's jq 1.6 has regular expressions.
  topic_query = "{topic: (.\"detail-type\" // \"none\" | split(\"{\") | join(\"_\") | split(\"}\") | join(\"_\") | split(\"/\") | join(\"_\"))}"

  # EventBridge puts events end to end into one stream; a line each makes them readable.
  append_newline = { type = "AppendDelimiterToRecord", parameters = { Delimiter = "\\n" } }
  extract_topic  = { type = "MetadataExtraction", parameters = { JsonParsingEngine = "JQ-1.6", MetadataExtractionQuery = local.topic_query } }
}

resource "aws_s3_bucket" "this" {
  count = var.create_bucket ? 1 : 0

  bucket        = var.bucket_name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = var.create_bucket ? 1 : 0

  bucket                  = aws_s3_bucket.this[0].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = var.create_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_stream" "this" {
  name           = local.log_stream
  log_group_name = aws_cloudwatch_log_group.this.name
}

resource "aws_iam_role" "delivery" {
  name        = var.delivery_role_name
  description = "Delivery stream ${var.stream_name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "FirehoseDelivers"
      Effect    = "Allow"
      Principal = { Service = "firehose.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # The external id that Firehose sends is the account of the stream.
      Condition = { StringEquals = { "sts:ExternalId" = var.aws_account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "delivery" {
  name = "delivery"
  role = aws_iam_role.delivery.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = local.bucket_arn
      },
      {
        Sid      = "WriteObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        Resource = "${local.bucket_arn}/*"
      },
      {
        Sid      = "WriteErrors"
        Effect   = "Allow"
        Action   = "logs:PutLogEvents"
        Resource = local.log_stream_arn
      },
    ]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "this" {
  depends_on = [
    aws_iam_role_policy.delivery,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
  ]

  name        = var.stream_name
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "AWS_OWNED_CMK"
  }

  extended_s3_configuration {
    role_arn            = aws_iam_role.delivery.arn
    bucket_arn          = var.create_bucket ? aws_s3_bucket.this[0].arn : local.bucket_arn
    prefix              = "${var.prefix}${local.topic}${local.date}"
    error_output_prefix = "failed/${var.prefix}!{firehose:error-output-type}/${local.date}"
    buffering_interval  = var.buffer_seconds
    buffering_size      = var.buffer_mb
    compression_format  = "GZIP"

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.this.name
      log_stream_name = aws_cloudwatch_log_stream.this.name
    }

    dynamic "dynamic_partitioning_configuration" {
      for_each = var.partition_by_topic ? [300] : []

      content {
        enabled        = true
        retry_duration = dynamic_partitioning_configuration.value
      }
    }

    processing_configuration {
      enabled = true

      dynamic "processors" {
        for_each = var.partition_by_topic ? [local.extract_topic, local.append_newline] : [local.append_newline]

        content {
          type = processors.value.type

          dynamic "parameters" {
            for_each = processors.value.parameters

            content {
              parameter_name  = parameters.key
              parameter_value = parameters.value
            }
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = !var.partition_by_topic || var.buffer_mb >= 64
      error_message = "With partition_by_topic AWS asks for a buffer_mb of at least 64, and it is ${var.buffer_mb}."
    }

    precondition {
      condition     = !var.partition_by_topic || var.buffer_seconds > 0
      error_message = "With partition_by_topic AWS has no buffer_seconds of 0."
    }

    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the delivery stream ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

module "invoke_role" {
  source = "../invoke-role"

  aws_partition  = var.aws_partition
  aws_region     = var.aws_region
  aws_account_id = var.aws_account_id
  rule_arns      = var.rule_arns
  name           = var.role_name
  statements     = local.statements
}
