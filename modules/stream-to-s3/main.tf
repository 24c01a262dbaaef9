locals {
  dns_suffix = var.aws_partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"

  read_stream = {
    Sid      = "ReadStream"
    Action   = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
    Resource = var.stream_arn
  }
  decrypt_stream = [for arn in var.kms_key_arn == null ? [] : [var.kms_key_arn] : {
    Sid      = "DecryptStream"
    Action   = ["kms:Decrypt"]
    Resource = arn
    Condition = {
      StringEquals = {
        "kms:EncryptionContext:aws:kinesis:arn" = var.stream_arn
        "kms:ViaService"                        = "kinesis.${var.aws_region}.${local.dns_suffix}"
      }
    }
  }]

  # Firehose's own dates, in UTC: when the oldest event of an object came into the stream.
  partition = "day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/"
  events    = "s3://${var.bucket_name}/${var.prefix}"

  # The envelope that EventBridge puts around every event. Keys of the envelope are small letters; a column cannot be
  # called detail-type.
  columns = [
    { name = "version", type = "string", comment = "Version of the envelope." },
    { name = "id", type = "string", comment = "Id of the event." },
    { name = "detail_type", type = "string", comment = "The topic, as a template such as v2.users.{id}.presence." },
    { name = "source", type = "string", comment = "The partner event source." },
    { name = "account", type = "string", comment = "Account that received it." },
    { name = "time", type = "string", comment = "When EventBridge received it; from_iso8601_timestamp(time) makes a time of it." },
    { name = "region", type = "string", comment = "Region that received it." },
    { name = "resources", type = "array<string>", comment = "Empty for events of Genesys Cloud." },
    { name = "detail", type = "string", comment = "What Genesys Cloud sent, as JSON: json_extract_scalar(detail, '$.eventBody.id')." },
  ]

  query = <<-SQL
    SELECT "time", detail_type,
           json_extract_scalar(detail, '$.topicName') AS topic,
           json_extract(detail, '$.eventBody') AS body
    FROM "${var.database_name}"."${var.table_name}"
    WHERE day >= date_format(current_date - interval '1' day, '%Y-%m-%d')
    ORDER BY "time" DESC
    LIMIT 100
  SQL
}

module "delivery" {
  source = "../s3-delivery"

  aws_partition      = var.aws_partition
  aws_region         = var.aws_region
  aws_account_id     = var.aws_account_id
  stream_name        = var.delivery_stream_name
  bucket_name        = var.bucket_name
  create_bucket      = var.create_bucket
  force_destroy      = var.force_destroy
  keep_days          = var.keep_days
  role_name          = var.delivery_role_name
  statements         = concat([local.read_stream], local.decrypt_stream)
  log_retention_days = var.log_retention_days
}

# A key's policy need not leave anything to IAM. A grant counts in either case, and leaves the key's policy as it is.
resource "aws_kms_grant" "this" {
  count = var.kms_key_arn == null ? 0 : 1

  name              = var.delivery_role_name
  key_id            = var.kms_key_arn
  grantee_principal = module.delivery.role_arn
  operations        = ["Decrypt"]
}

resource "aws_kinesis_firehose_delivery_stream" "this" {
  depends_on = [aws_kms_grant.this]

  name        = var.delivery_stream_name
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = var.stream_arn
    role_arn           = module.delivery.role_arn
  }

  extended_s3_configuration {
    role_arn            = module.delivery.role_arn
    bucket_arn          = module.delivery.bucket_arn
    prefix              = "${var.prefix}${local.partition}"
    error_output_prefix = "failed/${var.prefix}!{firehose:error-output-type}/${local.partition}"
    buffering_interval  = var.buffer_seconds
    buffering_size      = var.buffer_mb
    compression_format  = "GZIP"

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = module.delivery.log_group_name
      log_stream_name = module.delivery.log_stream_name
    }

    processing_configuration {
      enabled = true

      # Records of a stream stand end to end in an object; a line each makes them readable.
      processors {
        type = "AppendDelimiterToRecord"

        parameters {
          parameter_name  = "Delimiter"
          parameter_value = "\\n"
        }
      }
    }
  }
}

resource "aws_glue_catalog_database" "this" {
  name        = var.database_name
  description = "Events that the stream ${var.delivery_stream_name} wrote to ${var.bucket_name}"
}

resource "aws_glue_catalog_table" "this" {
  database_name = aws_glue_catalog_database.this.name
  name          = var.table_name
  description   = "An event a row, as EventBridge delivered it"
  table_type    = "EXTERNAL_TABLE"

  # Partitions are computed from these, so that none has to be added.
  parameters = {
    EXTERNAL                       = "TRUE"
    classification                 = "json"
    compressionType                = "gzip"
    "projection.enabled"           = "true"
    "projection.day.type"          = "date"
    "projection.day.format"        = "yyyy-MM-dd"
    "projection.day.interval"      = "1"
    "projection.day.interval.unit" = "DAYS"
    "projection.day.range"         = "${var.first_day},NOW"
    "projection.hour.type"         = "integer"
    "projection.hour.range"        = "0,23"
    "projection.hour.digits"       = "2"
    "storage.location.template"    = "${local.events}day=$${day}/hour=$${hour}/"
  }

  partition_keys {
    name    = "day"
    type    = "string"
    comment = "Day of arrival in the stream, in UTC, such as 2024-01-31."
  }

  partition_keys {
    name    = "hour"
    type    = "int"
    comment = "Hour of arrival in the stream, in UTC."
  }

  storage_descriptor {
    location      = local.events
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    # The Hive JSON SerDe has no mapping for detail-type, and takes no object for a text. Unless told otherwise this one
    # makes every key small, inside of detail too, where '$.eventBody' would then find nothing.
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"

      parameters = {
        "case.insensitive"    = "FALSE"
        "mapping.detail_type" = "detail-type"
      }
    }

    dynamic "columns" {
      for_each = local.columns

      content {
        name    = columns.value.name
        type    = columns.value.type
        comment = columns.value.comment
      }
    }
  }
}

resource "aws_athena_workgroup" "this" {
  name          = var.workgroup_name
  description   = "Queries of ${var.database_name}.${var.table_name}"
  force_destroy = true

  configuration {
    enforce_workgroup_configuration = true

    result_configuration {
      output_location = "s3://${module.delivery.bucket_name}/athena-results/"

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

resource "aws_athena_named_query" "this" {
  name        = "${var.table_name}-newest"
  description = "The newest events of yesterday and today"
  workgroup   = aws_athena_workgroup.this.id
  database    = aws_glue_catalog_database.this.name
  query       = local.query
}
