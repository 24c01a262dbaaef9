terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {}

# Whatever can be changed in place follows it.
variable "level" {
  type = number
}

resource "aws_kinesis_stream" "events" {
  name             = "bi"
  retention_period = 168
  stream_mode_details { stream_mode = "ON_DEMAND" }
}
resource "aws_s3_bucket" "lake" {
  bucket        = "genesys-events-lake"
  force_destroy = true
}
resource "aws_s3_bucket_public_access_block" "lake" {
  bucket                  = aws_s3_bucket.lake.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
resource "aws_s3_bucket_ownership_controls" "lake" {
  bucket = aws_s3_bucket.lake.id
  rule { object_ownership = "BucketOwnerEnforced" }
}
resource "aws_s3_bucket_policy" "lake" {
  bucket = aws_s3_bucket.lake.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "tls", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id
  rule {
    id     = "expire-events"
    status = "Enabled"
    filter { prefix = "events/" }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    expiration { days = 365 }
  }
  rule {
    id     = "expire-query-results"
    status = "Enabled"
    filter { prefix = "athena/" }
    expiration { days = 7 }
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 3 }
  }
}
resource "aws_iam_role" "delivery" {
  name               = "gcbridge-delivery"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "firehose.amazonaws.com" }, Action = "sts:AssumeRole", Condition = { StringEquals = { "sts:ExternalId" = "123456789012" } } }] })
}
resource "aws_iam_role_policy" "delivery" {
  role = aws_iam_role.delivery.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:PutObject", "s3:GetBucketLocation", "s3:ListBucket", "s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads"], Resource = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"] },
    { Effect = "Allow", Action = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:ListShards"], Resource = aws_kinesis_stream.events.arn },
  ] })
}
resource "aws_cloudwatch_log_group" "firehose" {
  name              = "/gcbridge/firehose"
  retention_in_days = 14
}
resource "aws_cloudwatch_log_stream" "firehose" {
  name           = "delivery"
  log_group_name = aws_cloudwatch_log_group.firehose.name
}
resource "aws_kinesis_firehose_delivery_stream" "lake" {
  name        = "bi-to-s3"
  destination = "extended_s3"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.events.arn
    role_arn           = aws_iam_role.delivery.arn
  }
  extended_s3_configuration {
    role_arn            = aws_iam_role.delivery.arn
    bucket_arn          = aws_s3_bucket.lake.arn
    buffering_size      = 64
    buffering_interval  = 60 * var.level
    compression_format  = "GZIP"
    custom_time_zone    = "UTC"
    prefix              = "events/date=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/date=!{timestamp:yyyy-MM-dd}/"
    processing_configuration {
      enabled = true
      processors {
        type = "AppendDelimiterToRecord"
        parameters {
          parameter_name  = "Delimiter"
          parameter_value = "\\n"
        }
      }
    }
    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.firehose.name
      log_stream_name = aws_cloudwatch_log_stream.firehose.name
    }
  }
  tags = { team = "cx" }
}
resource "aws_kinesis_firehose_delivery_stream" "plain" {
  name        = "plain-to-s3"
  destination = "extended_s3"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.events.arn
    role_arn           = aws_iam_role.delivery.arn
  }
  extended_s3_configuration {
    role_arn       = aws_iam_role.delivery.arn
    bucket_arn     = aws_s3_bucket.lake.arn
    file_extension = ".json"
    processing_configuration {
      enabled = true
      processors { type = "AppendDelimiterToRecord" }
    }
  }
}
resource "aws_glue_catalog_database" "lake" {
  name        = "genesys_events"
  description = "Events of Genesys Cloud"
}
resource "aws_glue_catalog_table" "events" {
  name          = "events"
  database_name = aws_glue_catalog_database.lake.name
  description   = "level ${var.level}"
  table_type    = "EXTERNAL_TABLE"
  parameters = {
    "EXTERNAL"                      = "TRUE"
    "classification"                = "json"
    "compressionType"               = "gzip"
    "projection.enabled"            = "true"
    "projection.date.type"          = "date"
    "projection.date.range"         = "2024-01-01,NOW"
    "projection.date.format"        = "yyyy-MM-dd"
    "projection.date.interval"      = "1"
    "projection.date.interval.unit" = "DAYS"
    "projection.hour.type"          = "integer"
    "projection.hour.range"         = "0,23"
    "projection.hour.digits"        = "2"
    "storage.location.template"     = "s3://${aws_s3_bucket.lake.bucket}/events/date=$${date}/hour=$${hour}/"
  }
  partition_keys {
    name = "date"
    type = "string"
  }
  partition_keys {
    name = "hour"
    type = "string"
  }
  storage_descriptor {
    location      = "s3://${aws_s3_bucket.lake.bucket}/events/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    ser_de_info {
      name                  = "json"
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
      parameters = {
        "ignore.malformed.json" = "true"
        "case.insensitive"      = "true"
        "mapping.detail_type"   = "detail-type"
      }
    }
    columns {
      name = "version"
      type = "string"
    }
    columns {
      name = "id"
      type = "string"
    }
    columns {
      name = "detail_type"
      type = "string"
    }
    columns {
      name = "source"
      type = "string"
    }
    columns {
      name    = "time"
      type    = "string"
      comment = "ISO"
    }
    columns {
      name = "detail"
      type = "struct<topicName:string,version:string,eventBody:string>"
    }
  }
}
resource "aws_athena_workgroup" "lake" {
  name          = "genesys-events"
  description   = "level ${var.level}"
  force_destroy = true
  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = 10737418240 * var.level
    result_configuration {
      output_location = "s3://${aws_s3_bucket.lake.bucket}/athena/"
      encryption_configuration { encryption_option = "SSE_S3" }
    }
  }
  tags = { team = "cx" }
}
resource "aws_athena_named_query" "latest" {
  name        = "latest-events"
  description = "The provider replaces a query that changes"
  workgroup   = aws_athena_workgroup.lake.id
  database    = aws_glue_catalog_database.lake.name
  query       = "SELECT detail_type, count(*) AS events FROM \"events\" WHERE date >= date_format(current_date - interval '1' day, '%Y-%m-%d') GROUP BY detail_type ORDER BY events DESC"
}
resource "aws_sns_topic" "alarms" {
  name = "alarms"
}
resource "aws_cloudwatch_metric_alarm" "rule" {
  alarm_name          = "gcbridge-privileged"
  alarm_description   = "level ${var.level}"
  namespace           = "AWS/Events"
  metric_name         = "TriggeredRules"
  dimensions          = { EventBusName = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev", RuleName = "privileged" }
  statistic           = "Sum"
  period              = 60 * var.level
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  threshold           = var.level
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  tags                = { team = "cx" }
}
resource "aws_cloudwatch_metric_alarm" "expression" {
  alarm_name          = "gcbridge-ratio"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 10
  metric_query {
    id          = "e1"
    expression  = "FILL(m1, 0) + FILL(m2, 0)"
    label       = "Failures"
    return_data = true
  }
  metric_query {
    id = "m1"
    metric {
      namespace   = "AWS/Events"
      metric_name = "FailedInvocations"
      period      = 60
      stat        = "Sum"
      dimensions  = { RuleName = "privileged" }
    }
  }
  metric_query {
    id = "m2"
    metric {
      namespace   = "AWS/Events"
      metric_name = "InvocationsSentToDlq"
      period      = 60
      stat        = "Sum"
      dimensions  = { RuleName = "privileged" }
    }
  }
}
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "gcbridge-dev"
  dashboard_body = jsonencode({ widgets = [{ type = "metric", x = 0, y = 0, width = 12 * var.level, height = 6, properties = { region = "eu-west-1", title = "Events & more <b>", metrics = [["AWS/Events", "TriggeredRules", "RuleName", "a"]], period = 60, stat = "Sum" } }] })
}
