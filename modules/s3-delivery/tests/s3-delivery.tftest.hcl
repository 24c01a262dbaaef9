mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  stream_name    = "events"
  bucket_name    = "contact-centre-events"
  role_name      = "events-delivery"
}

run "the_role_may_do_what_it_has_to" {
  command = plan

  assert {
    condition = jsonencode(jsondecode(aws_iam_role_policy.this.policy).Statement) == jsonencode([
      {
        Sid      = "FindBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = "arn:aws:s3:::contact-centre-events"
      },
      {
        Sid      = "WriteObjects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        Resource = "arn:aws:s3:::contact-centre-events/*"
      },
      {
        Sid      = "WriteErrors"
        Effect   = "Allow"
        Action   = "logs:PutLogEvents"
        Resource = "arn:aws:logs:eu-central-1:012345678901:log-group:/aws/kinesisfirehose/events:log-stream:delivery"
      },
    ])
    error_message = "The stream may write to exactly this bucket and this log stream."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Sid       = "FirehoseDelivers"
      Effect    = "Allow"
      Principal = { Service = "firehose.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = "012345678901" } }
    }]
    error_message = "Firehose may take the role for streams of this account only."
  }
}

run "the_bucket_is_private" {
  command = plan

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this[0].rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Events must be encrypted in the bucket."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this[0].block_public_acls && aws_s3_bucket_public_access_block.this[0].block_public_policy && aws_s3_bucket_public_access_block.this[0].ignore_public_acls && aws_s3_bucket_public_access_block.this[0].restrict_public_buckets
    error_message = "The bucket must not be public in any way."
  }

  assert {
    condition     = aws_s3_bucket.this[0].force_destroy == false
    error_message = "Events must not be deleted with the bucket unless that was asked for."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this) == 0
    error_message = "Objects must stay for ever unless told otherwise."
  }

  assert {
    condition     = output.bucket_arn == "arn:aws:s3:::contact-centre-events" && output.bucket_name == "contact-centre-events" && output.log_group_name == "/aws/kinesisfirehose/events" && output.log_stream_name == "delivery"
    error_message = "Names must be known in the plan."
  }
}

run "the_role_may_do_more_where_it_has_to" {
  command = plan

  variables {
    statements = [
      { Sid = "ReadStream", Action = ["kinesis:GetRecords"], Resource = "arn:aws:kinesis:eu-central-1:012345678901:stream/events" },
      {
        Sid       = "DecryptStream"
        Action    = ["kms:Decrypt"]
        Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
        Condition = { StringEquals = { "kms:ViaService" = "kinesis.eu-central-1.amazonaws.com" } }
      },
    ]
  }

  assert {
    condition = jsonencode(slice(jsondecode(aws_iam_role_policy.this.policy).Statement, 3, 5)) == jsonencode([
      {
        Sid      = "ReadStream"
        Effect   = "Allow"
        Action   = ["kinesis:GetRecords"]
        Resource = "arn:aws:kinesis:eu-central-1:012345678901:stream/events"
      },
      {
        Sid       = "DecryptStream"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
        Condition = { StringEquals = { "kms:ViaService" = "kinesis.eu-central-1.amazonaws.com" } }
      },
    ])
    error_message = "The statements must stand behind those for writing, without conditions that were not given."
  }
}

run "old_objects_go" {
  command = plan

  variables {
    keep_days = 365
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this[0].rule[0].status == "Enabled" && aws_s3_bucket_lifecycle_configuration.this[0].rule[0].expiration[0].days == 365 && aws_s3_bucket_lifecycle_configuration.this[0].rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7
    error_message = "Objects must go after keep_days, and uploads that never ended after a week."
  }
}

run "uploads_do_not_outlive_objects" {
  command = plan

  variables {
    keep_days = 1
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this[0].rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 1
    error_message = "Parts of an upload must not stay longer than objects."
  }
}

run "an_existing_bucket_stays_as_it_is" {
  command = plan

  variables {
    create_bucket = false
    keep_days     = 30
  }

  assert {
    condition     = length(aws_s3_bucket.this) == 0 && length(aws_s3_bucket_public_access_block.this) == 0 && length(aws_s3_bucket_server_side_encryption_configuration.this) == 0
    error_message = "A bucket that exists must be neither made nor configured."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this) == 0
    error_message = "What lies in a bucket that exists must not be deleted."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition      = "AWS"
    aws_region         = "Frankfurt"
    aws_account_id     = "12345678901"
    stream_name        = "with space"
    bucket_name        = "Capital"
    keep_days          = 0
    role_name          = "with space"
    statements         = [{ Sid = "All", Action = ["kinesis:*"], Resource = "*" }]
    log_retention_days = 31
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.stream_name,
    var.bucket_name,
    var.keep_days,
    var.role_name,
    var.statements,
    var.log_retention_days,
  ]
}
