mock_provider "aws" {}

variables {
  aws_region         = "eu-central-1"
  aws_account_id     = "012345678901"
  rule_arns          = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
  stream_name        = "events"
  bucket_name        = "contact-centre-events"
  role_name          = "events-invoke"
  delivery_role_name = "events-delivery"
}

run "eventbridge_may_do_what_it_has_to" {
  command = plan

  assert {
    condition     = jsonencode(local.statements) == jsonencode([{ actions = ["firehose:PutRecord", "firehose:PutRecordBatch"], resources = ["arn:aws:firehose:eu-central-1:012345678901:deliverystream/events"] }])
    error_message = "EventBridge may put events into exactly this stream."
  }
}

run "objects_are_dated_and_compressed" {
  command = plan

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].prefix == "events/!{timestamp:yyyy/MM/dd}/" && aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].error_output_prefix == "failed/events/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    error_message = "Keys must begin with prefix and date, and those of failures lie elsewhere."
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].compression_format == "GZIP" && aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].buffering_interval == 300 && aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].buffering_size == 64
    error_message = "Objects must be compressed, with the default buffer."
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].processing_configuration[0].processors[*].type == tolist(["AppendDelimiterToRecord"]) && one(aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].processing_configuration[0].processors[0].parameters).parameter_value == "\\n"
    error_message = "Every event must have a line of its own."
  }

  assert {
    condition     = length(aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].dynamic_partitioning_configuration) == 0
    error_message = "Dynamic partitioning costs extra and must be asked for."
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.server_side_encryption[0].enabled
    error_message = "Events must be encrypted in the stream."
  }

  assert {
    condition     = output.arn == "arn:aws:firehose:eu-central-1:012345678901:deliverystream/events" && output.role_arn == "arn:aws:iam::012345678901:role/events-invoke" && output.bucket_name == "contact-centre-events"
    error_message = "ARNs and names must be known in the plan."
  }
}

run "topics_have_folders" {
  command = plan

  variables {
    prefix             = "genesys/prod/"
    partition_by_topic = true
    buffer_seconds     = 60
    buffer_mb          = 128
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].prefix == "genesys/prod/topic=!{partitionKeyFromQuery:topic}/!{timestamp:yyyy/MM/dd}/"
    error_message = "The topic must stand between prefix and date."
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].dynamic_partitioning_configuration[0].enabled
    error_message = "A topic in the prefix needs dynamic partitioning."
  }

  assert {
    condition = [for processor in aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].processing_configuration[0].processors : {
      type       = processor.type
      parameters = { for parameter in processor.parameters : parameter.parameter_name => parameter.parameter_value }
      }] == [
      {
        type = "MetadataExtraction"
        parameters = {
          JsonParsingEngine       = "JQ-1.6"
          MetadataExtractionQuery = "{topic: (.\"detail-type\" // \"none\" | split(\"{\") | join(\"_\") | split(\"}\") | join(\"_\") | split(\"/\") | join(\"_\"))}"
        }
      },
      { type = "AppendDelimiterToRecord", parameters = { Delimiter = "\\n" } },
    ]
    error_message = "The topic must be read from detail-type, without the braces of {id}."
  }
}

run "an_existing_bucket_stays_as_it_is" {
  command = plan

  variables {
    create_bucket = false
  }

  assert {
    condition     = aws_kinesis_firehose_delivery_stream.this.extended_s3_configuration[0].bucket_arn == "arn:aws:s3:::contact-centre-events"
    error_message = "The stream must write to the bucket that was named."
  }
}

run "a_buffer_too_small_for_partitions_is_refused" {
  command = plan

  variables {
    partition_by_topic = true
    buffer_mb          = 63
  }

  expect_failures = [aws_kinesis_firehose_delivery_stream.this]
}

run "partitions_without_a_buffer_are_refused" {
  command = plan

  variables {
    partition_by_topic = true
    buffer_seconds     = 0
  }

  expect_failures = [aws_kinesis_firehose_delivery_stream.this]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition      = "AWS"
    aws_region         = "Frankfurt"
    aws_account_id     = "12345678901"
    rule_arns          = []
    stream_name        = "with space"
    bucket_name        = "Capital"
    role_name          = "with space"
    delivery_role_name = "with space"
    prefix             = "!{timestamp:yyyy}/"
    buffer_seconds     = 901
    buffer_mb          = 129
    log_retention_days = 31
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.stream_name,
    var.bucket_name,
    var.role_name,
    var.delivery_role_name,
    var.prefix,
    var.buffer_seconds,
    var.buffer_mb,
    var.log_retention_days,
  ]
}
