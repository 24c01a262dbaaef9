locals {
  arn = "arn:${var.aws_partition}:firehose:${var.aws_region}:${var.aws_account_id}:deliverystream/${var.stream_name}"

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

module "delivery" {
  source = "../s3-delivery"

  aws_partition      = var.aws_partition
  aws_region         = var.aws_region
  aws_account_id     = var.aws_account_id
  stream_name        = var.stream_name
  bucket_name        = var.bucket_name
  create_bucket      = var.create_bucket
  force_destroy      = var.force_destroy
  role_name          = var.delivery_role_name
  log_retention_days = var.log_retention_days
}

resource "aws_kinesis_firehose_delivery_stream" "this" {
  name        = var.stream_name
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "AWS_OWNED_CMK"
  }

  extended_s3_configuration {
    role_arn            = module.delivery.role_arn
    bucket_arn          = module.delivery.bucket_arn
    prefix              = "${var.prefix}${local.topic}${local.date}"
    error_output_prefix = "failed/${var.prefix}!{firehose:error-output-type}/${local.date}"
    buffering_interval  = var.buffer_seconds
    buffering_size      = var.buffer_mb
    compression_format  = "GZIP"

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = module.delivery.log_group_name
      log_stream_name = module.delivery.log_stream_name
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
