# What the module made by itself before s3-delivery was a module.
moved {
  from = aws_s3_bucket.this
  to   = module.delivery.aws_s3_bucket.this
}

moved {
  from = aws_s3_bucket_public_access_block.this
  to   = module.delivery.aws_s3_bucket_public_access_block.this
}

moved {
  from = aws_s3_bucket_server_side_encryption_configuration.this
  to   = module.delivery.aws_s3_bucket_server_side_encryption_configuration.this
}

moved {
  from = aws_cloudwatch_log_group.this
  to   = module.delivery.aws_cloudwatch_log_group.this
}

moved {
  from = aws_cloudwatch_log_stream.this
  to   = module.delivery.aws_cloudwatch_log_stream.this
}

moved {
  from = aws_iam_role.delivery
  to   = module.delivery.aws_iam_role.this
}

moved {
  from = aws_iam_role_policy.delivery
  to   = module.delivery.aws_iam_role_policy.this
}
