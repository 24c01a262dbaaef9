terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.100" }
  }
}

variable "event_source_name" { type = string }
variable "package_file" { type = string }

provider "aws" {
  alias  = "receiver"
  region = "eu-central-1"
}

locals {
  account = "123456789012"
  region  = "eu-west-1"
  tags    = { team = "cx" }
  # What lets the rule use a resource, but only on its own account's behalf.
  for_the_rule = {
    ArnEquals    = { "aws:SourceArn" = aws_cloudwatch_event_rule.calls.arn }
    StringEquals = { "aws:SourceAccount" = local.account }
  }
}

# The bus, its archive and a rule

resource "aws_cloudwatch_event_bus" "partner" {
  name              = var.event_source_name
  event_source_name = var.event_source_name
}

resource "aws_cloudwatch_event_archive" "everything" {
  name             = "gcbridge-dev"
  description      = "All events of the bridge"
  event_source_arn = aws_cloudwatch_event_bus.partner.arn
  event_pattern    = jsonencode({ source = [var.event_source_name] })
  retention_days   = 30
}

resource "aws_cloudwatch_event_archive" "for_ever" {
  name             = "gcbridge-dev-for-ever"
  event_source_arn = aws_cloudwatch_event_bus.partner.arn
}

resource "aws_cloudwatch_event_rule" "calls" {
  name           = "calls"
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  event_pattern  = jsonencode({ source = [var.event_source_name] })
  tags           = local.tags
}

resource "aws_cloudwatch_event_rule" "more_calls" {
  name           = "more-calls"
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  event_pattern  = jsonencode({ source = [var.event_source_name] })
}

resource "aws_cloudwatch_event_rule" "even_more_calls" {
  name           = "even-more-calls"
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  event_pattern  = jsonencode({ source = [var.event_source_name] })
}

# A customer's key, and its grant to the role that delivers

resource "aws_kms_key" "events" {
  description             = "Targets of the bridge"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  tags                    = local.tags
}

resource "aws_kms_key_policy" "events" {
  key_id = aws_kms_key.events.key_id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Administer"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action    = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]
        Resource  = aws_kms_key.events.arn
      },
      {
        Sid       = "Deliver"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource  = aws_kms_key.events.arn
        Condition = local.for_the_rule
      },
    ]
  })
}

resource "aws_kms_grant" "invoke" {
  name              = "gcbridge-dev-invoke"
  key_id            = aws_kms_key.events.key_id
  grantee_principal = aws_iam_role.invoke.arn
  operations        = ["GenerateDataKey", "Decrypt"]
}

# Roles

resource "aws_iam_role" "invoke" {
  name                 = "gcbridge-dev-invoke"
  description          = "EventBridge delivers with this role"
  max_session_duration = 3600
  tags                 = local.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = local.for_the_rule
    }]
  })
}

resource "aws_iam_role_policy" "invoke" {
  name = "deliver"
  role = aws_iam_role.invoke.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "kinesis:PutRecord", Resource = aws_kinesis_stream.on_demand.arn },
      { Effect = "Allow", Action = "firehose:PutRecord", Resource = aws_kinesis_firehose_delivery_stream.plain.arn },
      { Effect = "Allow", Action = "states:StartExecution", Resource = aws_sfn_state_machine.calls.arn },
      { Effect = "Allow", Action = "ecs:RunTask", Resource = aws_ecs_task_definition.calls.arn,
      Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.calls.arn } } },
    ]
  })
}

resource "aws_iam_role" "service" {
  for_each = toset(["lambda", "firehose", "states", "ecs-tasks"])
  name     = "gcbridge-dev-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "${each.key}.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# Queues and a topic

resource "aws_sqs_queue" "fifo" {
  name                        = "calls.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
  kms_master_key_id           = aws_kms_key.events.arn
  message_retention_seconds   = 1209600
  tags                        = local.tags
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:${local.region}:${local.account}:calls.fifo"
      Condition = local.for_the_rule
    }]
  })
}

resource "aws_sqs_queue" "dead_letter" {
  name                    = "calls-dead-letter"
  sqs_managed_sse_enabled = true
}

resource "aws_sns_topic" "calls" {
  name              = "calls"
  kms_master_key_id = aws_kms_key.events.arn
  tags              = local.tags
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:${local.region}:${local.account}:calls"
      Condition = local.for_the_rule
    }]
  })
}

# Streams

resource "aws_kinesis_stream" "on_demand" {
  name             = "calls"
  retention_period = 168
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
  tags             = local.tags
  stream_mode_details { stream_mode = "ON_DEMAND" }
}

resource "aws_kinesis_stream" "provisioned" {
  name             = "calls-provisioned"
  retention_period = 8760
  shard_count      = 2
  encryption_type  = "KMS"
  kms_key_id       = aws_kms_key.events.arn
  stream_mode_details { stream_mode = "PROVISIONED" }
}

resource "aws_s3_bucket" "calls" {
  bucket        = "gcbridge-dev-calls"
  force_destroy = true
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "calls" {
  bucket                  = aws_s3_bucket.calls.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "calls" {
  bucket = aws_s3_bucket.calls.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_cloudwatch_log_group" "each" {
  for_each          = toset(["/aws/firehose/calls", "/aws/lambda/calls", "/aws/events/calls", "/ecs/calls"])
  name              = each.key
  retention_in_days = 30
}

resource "aws_cloudwatch_log_stream" "firehose" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.each["/aws/firehose/calls"].name
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name = "calls"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.each["/aws/events/calls"].arn}:*"
    }]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "plain" {
  name        = "calls"
  destination = "extended_s3"
  tags        = local.tags
  server_side_encryption { enabled = true }
  extended_s3_configuration {
    role_arn            = aws_iam_role.service["firehose"].arn
    bucket_arn          = aws_s3_bucket.calls.arn
    prefix              = "calls/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    compression_format  = "GZIP"
    buffering_interval  = 60
    buffering_size      = 5
    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.each["/aws/firehose/calls"].name
      log_stream_name = aws_cloudwatch_log_stream.firehose.name
    }
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
  }
}

resource "aws_kinesis_firehose_delivery_stream" "by_topic" {
  name        = "calls-by-topic"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn            = aws_iam_role.service["firehose"].arn
    bucket_arn          = aws_s3_bucket.calls.arn
    prefix              = "topics/!{partitionKeyFromQuery:topic}/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/"
    compression_format  = "GZIP"
    buffering_interval  = 60
    buffering_size      = 64
    dynamic_partitioning_configuration { enabled = true }
    processing_configuration {
      enabled = true
      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{topic:(.\"detail-type\" | gsub(\"[{}]\"; \"\"))}"
        }
      }
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

# Compute

resource "aws_lambda_function" "calls" {
  function_name    = "calls"
  description      = "Writes calls"
  filename         = var.package_file
  source_code_hash = filebase64sha256(var.package_file)
  handler          = "handler.handle"
  runtime          = "python3.12"
  timeout          = 30
  memory_size      = 256
  role             = aws_iam_role.service["lambda"].arn
  tags             = local.tags
  depends_on       = [aws_cloudwatch_log_group.each]
  environment { variables = { TABLE_NAME = "calls" } }
  dead_letter_config { target_arn = aws_sqs_queue.dead_letter.arn }
}

resource "aws_lambda_permission" "calls" {
  statement_id   = "calls"
  function_name  = aws_lambda_function.calls.function_name
  action         = "lambda:InvokeFunction"
  principal      = "events.amazonaws.com"
  source_arn     = aws_cloudwatch_event_rule.calls.arn
  source_account = local.account
}

resource "aws_dynamodb_table" "calls" {
  name         = "calls"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  tags         = local.tags
  attribute {
    name = "pk"
    type = "S"
  }
  ttl {
    enabled        = true
    attribute_name = "expires_at"
  }
  point_in_time_recovery { enabled = true }
  server_side_encryption { enabled = true }
}

resource "aws_sfn_state_machine" "calls" {
  name       = "calls"
  type       = "STANDARD"
  role_arn   = aws_iam_role.service["states"].arn
  tags       = local.tags
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}

resource "aws_sfn_state_machine" "express" {
  name       = "calls-express"
  type       = "EXPRESS"
  role_arn   = aws_iam_role.service["states"].arn
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}

resource "aws_ecs_cluster" "calls" {
  name = "calls"
  tags = local.tags
}

resource "aws_ecs_task_definition" "calls" {
  family                   = "calls"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.service["ecs-tasks"].arn
  task_role_arn            = aws_iam_role.service["ecs-tasks"].arn
  tags                     = local.tags
  container_definitions = jsonencode([{
    name        = "calls"
    image       = "public.ecr.aws/docker/library/busybox:1.36"
    essential   = true
    environment = [{ name = "MODE", value = "once" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.each["/ecs/calls"].name
        awslogs-region        = local.region
        awslogs-stream-prefix = "calls"
      }
    }
  }])
}

# Over HTTP

resource "aws_cloudwatch_event_connection" "api_key" {
  name               = "api-key"
  description        = "A key in a header"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "X-Api-Key"
      value = "set-after-the-apply"
    }
    invocation_http_parameters {
      header {
        key   = "X-Tenant"
        value = "acme"
      }
      header {
        key             = "X-Secret"
        value           = "set-after-the-apply"
        is_value_secret = true
      }
      body {
        key   = "kind"
        value = "genesys"
      }
    }
  }
  lifecycle { ignore_changes = [auth_parameters[0].api_key[0].value] }
}

resource "aws_cloudwatch_event_connection" "basic" {
  name               = "basic"
  authorization_type = "BASIC"
  auth_parameters {
    basic {
      username = "genesys"
      password = "set-after-the-apply"
    }
  }
  lifecycle { ignore_changes = [auth_parameters[0].basic[0].password] }
}

resource "aws_cloudwatch_event_connection" "oauth" {
  name               = "oauth"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"
  auth_parameters {
    oauth {
      authorization_endpoint = "https://login.example.com/token"
      http_method            = "POST"
      client_parameters {
        client_id     = "genesys"
        client_secret = "set-after-the-apply"
      }
      oauth_http_parameters {
        body {
          key   = "grant_type"
          value = "client_credentials"
        }
      }
    }
  }
  lifecycle { ignore_changes = [auth_parameters[0].oauth[0].client_parameters[0].client_secret] }
}

resource "aws_cloudwatch_event_api_destination" "each" {
  for_each = {
    api-key = aws_cloudwatch_event_connection.api_key.arn
    basic   = aws_cloudwatch_event_connection.basic.arn
    oauth   = aws_cloudwatch_event_connection.oauth.arn
  }
  name                             = each.key
  connection_arn                   = each.value
  invocation_endpoint              = "https://crm.example.com/calls/*"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 50
}

# A bus in another region

resource "aws_cloudwatch_event_bus" "receiver" {
  provider = aws.receiver
  name     = "calls"
  tags     = local.tags
}

resource "aws_cloudwatch_event_bus_policy" "receiver" {
  provider       = aws.receiver
  event_bus_name = aws_cloudwatch_event_bus.receiver.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Deliver"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.invoke.arn }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.receiver.arn
    }]
  })
}

resource "aws_cloudwatch_event_bus" "shared" {
  provider = aws.receiver
  name     = "shared"
}

resource "aws_cloudwatch_event_permission" "shared" {
  provider       = aws.receiver
  event_bus_name = aws_cloudwatch_event_bus.shared.name
  statement_id   = "sender"
  principal      = "210987654321"
}

# Targets

resource "aws_cloudwatch_event_target" "kinesis" {
  rule           = aws_cloudwatch_event_rule.calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "kinesis"
  arn            = aws_kinesis_stream.on_demand.arn
  role_arn       = aws_iam_role.invoke.arn
  kinesis_target { partition_key_path = "$.detail.topicName" }
  dead_letter_config { arn = aws_sqs_queue.dead_letter.arn }
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }
}

resource "aws_cloudwatch_event_target" "fifo" {
  rule           = aws_cloudwatch_event_rule.calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "fifo"
  arn            = aws_sqs_queue.fifo.arn
  role_arn       = aws_iam_role.invoke.arn
  sqs_target { message_group_id = "calls" }
}

resource "aws_cloudwatch_event_target" "topic" {
  rule           = aws_cloudwatch_event_rule.calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "topic"
  arn            = aws_sns_topic.calls.arn
  input_transformer {
    input_paths    = { topic = "$.detail.topicName" }
    input_template = "{\"topic\": <topic>}"
  }
}

resource "aws_cloudwatch_event_target" "lambda" {
  rule           = aws_cloudwatch_event_rule.calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "lambda"
  arn            = aws_lambda_function.calls.arn
  input_path     = "$.detail"
}

resource "aws_cloudwatch_event_target" "ecs" {
  rule           = aws_cloudwatch_event_rule.more_calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "ecs"
  arn            = aws_ecs_cluster.calls.arn
  role_arn       = aws_iam_role.invoke.arn
  ecs_target {
    task_definition_arn = aws_ecs_task_definition.calls.arn
    launch_type         = "FARGATE"
    task_count          = 1
    network_configuration {
      subnets          = ["subnet-0123456789abcdef0"]
      security_groups  = ["sg-0123456789abcdef0"]
      assign_public_ip = false
    }
  }
}

resource "aws_cloudwatch_event_target" "http" {
  rule           = aws_cloudwatch_event_rule.more_calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "http"
  arn            = aws_cloudwatch_event_api_destination.each["api-key"].arn
  role_arn       = aws_iam_role.invoke.arn
  http_target {
    path_parameter_values   = ["$.detail.topicName"]
    header_parameters       = { "X-Topic" = "$.detail.topicName" }
    query_string_parameters = { id = "$.id" }
  }
}

resource "aws_cloudwatch_event_target" "with_role" {
  for_each = {
    firehose = aws_kinesis_firehose_delivery_stream.plain.arn
    states   = aws_sfn_state_machine.calls.arn
    bus      = aws_cloudwatch_event_bus.receiver.arn
  }
  rule           = aws_cloudwatch_event_rule.more_calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = each.key
  arn            = each.value
  role_arn       = aws_iam_role.invoke.arn
}

resource "aws_cloudwatch_event_target" "logs" {
  rule           = aws_cloudwatch_event_rule.even_more_calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  target_id      = "logs"
  arn            = aws_cloudwatch_log_group.each["/aws/events/calls"].arn
  input          = jsonencode({ constant = true })
}
