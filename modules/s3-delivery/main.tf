locals {
  bucket_arn     = "arn:${var.aws_partition}:s3:::${var.bucket_name}"
  log_group      = "/aws/kinesisfirehose/${var.stream_name}"
  log_stream     = "delivery"
  log_stream_arn = "arn:${var.aws_partition}:logs:${var.aws_region}:${var.aws_account_id}:log-group:${local.log_group}:log-stream:${local.log_stream}"

  # What is not given does not stand in the policy.
  statements = [for statement in var.statements : { for key, value in statement : key => value if value != null }]
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

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.create_bucket && var.keep_days != null ? 1 : 0

  bucket = aws_s3_bucket.this[0].bucket

  rule {
    id     = "keep"
    status = "Enabled"

    filter {}

    expiration {
      days = var.keep_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = min(var.keep_days, 7)
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

resource "aws_iam_role" "this" {
  name        = var.role_name
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

resource "aws_iam_role_policy" "this" {
  name = "delivery"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
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
    ], local.statements)
  })
}
