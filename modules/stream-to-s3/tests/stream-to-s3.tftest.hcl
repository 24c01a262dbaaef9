mock_provider "aws" {}

variables {
  aws_region           = "eu-central-1"
  aws_account_id       = "012345678901"
  stream_arn           = "arn:aws:kinesis:eu-central-1:012345678901:stream/events"
  delivery_stream_name = "events-lake"
  delivery_role_name   = "events-delivery"
  bucket_name          = "contact-centre-events"
  database_name        = "contact_centre"
  table_name           = "events"
  workgroup_name       = "contact-centre"
  first_day            = "2024-02-29"
}

run "events_come_from_the_stream" {
  command = plan

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.kinesis_source_configuration[0].kinesis_stream_arn == var.stream_arn && length(aws_kinesis_firehose_delivery_stream.this.server_side_encryption) == 0
    error_message = "Firehose must read the stream, whose own encryption is the one that counts."
  }

  assert {
    condition     = jsonencode(local.read_stream) == jsonencode({ Action = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"], Resource = "arn:aws:kinesis:eu-central-1:012345678901:stream/events", Sid = "ReadStream" })
    error_message = "The role may read exactly this stream."
  }

  assert {
    condition     = length(local.decrypt_stream) == 0 && length(aws_kms_grant.this) == 0
    error_message = "A stream under the key of AWS needs no permission to decrypt."
  }

  assert {
    condition     = output.stream_arn == var.stream_arn
    error_message = "Writers must be able to wait for the reader."
  }
}

run "objects_are_dated_and_compressed" {
  command = plan

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].prefix == "events/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/" && aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].error_output_prefix == "failed/events/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/"
    error_message = "Keys must begin with prefix, day and hour, and those of failures lie elsewhere."
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].compression_format == "GZIP" && aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].buffering_interval == 300 && aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].buffering_size == 64
    error_message = "Objects must be compressed, with the default buffer."
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].processing_configuration[0].processors[*].type == tolist(["AppendDelimiterToRecord"]) && one(aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].processing_configuration[0].processors[0].parameters).parameter_value == "\\n"
    error_message = "Every event must have a line of its own."
  }
}

run "the_table_finds_what_was_written" {
  command = plan

  assert {
    condition     = aws_glue_catalog_table.this.parameters["storage.location.template"] == "s3://contact-centre-events/events/day=$${day}/hour=$${hour}/" && aws_glue_catalog_table.this.storage_descriptor[0].location == "s3://contact-centre-events/events/"
    error_message = "The table must look where Firehose writes."
  }

  assert {
    condition = { for key, value in aws_glue_catalog_table.this.parameters : key => value if startswith(key, "projection") } == {
      "projection.enabled"           = "true"
      "projection.day.type"          = "date"
      "projection.day.format"        = "yyyy-MM-dd"
      "projection.day.interval"      = "1"
      "projection.day.interval.unit" = "DAYS"
      "projection.day.range"         = "2024-02-29,NOW"
      "projection.hour.type"         = "integer"
      "projection.hour.range"        = "0,23"
      "projection.hour.digits"       = "2"
    }
    error_message = "Partitions must be computed, from the first day to now."
  }

  assert {
    condition     = [for key in aws_glue_catalog_table.this.partition_keys : "${key.name} ${key.type}"] == ["day string", "hour int"]
    error_message = "The table must be partitioned by day and hour."
  }

  assert {
    condition     = [for column in aws_glue_catalog_table.this.storage_descriptor[0].columns : "${column.name} ${column.type}"] == ["version string", "id string", "detail_type string", "source string", "account string", "time string", "region string", "resources array<string>", "detail string"]
    error_message = "Columns must be those of EventBridge's envelope."
  }

  assert {
    condition     = aws_glue_catalog_table.this.storage_descriptor[0].ser_de_info[0].serialization_library == "org.openx.data.jsonserde.JsonSerDe" && aws_glue_catalog_table.this.storage_descriptor[0].ser_de_info[0].parameters == tomap({ "case.insensitive" = "FALSE", "mapping.detail_type" = "detail-type" })
    error_message = "detail-type must become detail_type, and keys inside of detail stay as they are."
  }
}

run "queries_stay_in_the_workgroup" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].enforce_workgroup_configuration && aws_athena_workgroup.this.configuration[0].result_configuration[0].output_location == "s3://contact-centre-events/athena-results/" && aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_S3"
    error_message = "Results must be encrypted, and lie where the workgroup says whatever a client asks for."
  }

  assert {
    condition     = strcontains(aws_athena_named_query.this.query, "FROM \"contact_centre\".\"events\"\nWHERE day >=") && aws_athena_named_query.this.database == "contact_centre"
    error_message = "The first query must read the table, and not all of its days."
  }
}

run "a_customer_key_is_used_through_the_stream_only" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
  }

  assert {
    condition = jsonencode(local.decrypt_stream) == jsonencode([{
      Action = ["kms:Decrypt"]
      Condition = { StringEquals = {
        "kms:EncryptionContext:aws:kinesis:arn" = "arn:aws:kinesis:eu-central-1:012345678901:stream/events"
        "kms:ViaService"                        = "kinesis.eu-central-1.amazonaws.com"
      } }
      Resource = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      Sid      = "DecryptStream"
    }])
    error_message = "The role may decrypt this stream, through Kinesis, and nothing else."
  }

  assert {
    condition     = aws_kms_grant.this[0].operations == toset(["Decrypt"]) && aws_kms_grant.this[0].key_id == var.kms_key_arn
    error_message = "The key must let the role in, whatever its own policy leaves to IAM."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition        = "AWS"
    aws_region           = "Frankfurt"
    aws_account_id       = "12345678901"
    stream_arn           = "arn:aws:sqs:eu-central-1:012345678901:events"
    kms_key_arn          = "alias/aws/kinesis"
    delivery_stream_name = "with space"
    bucket_name          = "Capital"
    keep_days            = 0
    delivery_role_name   = "with space"
    prefix               = "no-slash"
    buffer_seconds       = 901
    buffer_mb            = 129
    log_retention_days   = 31
    first_day            = "2023-02-29"
    database_name        = "Contact-Centre"
    table_name           = "Events"
    workgroup_name       = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.stream_arn,
    var.kms_key_arn,
    var.delivery_stream_name,
    var.bucket_name,
    var.keep_days,
    var.delivery_role_name,
    var.prefix,
    var.buffer_seconds,
    var.buffer_mb,
    var.log_retention_days,
    var.first_day,
    var.database_name,
    var.table_name,
    var.workgroup_name,
  ]
}
