module "event_bus" {
  source = "./modules/partner-event-bus"

  event_source_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all"
}

module "archive" {
  source = "./modules/event-archive"

  name           = "gcbridge-targets"
  event_bus_arn  = module.event_bus.arn
  retention_days = 90
  event_pattern  = "{\"detail-type\":[\"v2.users.{id}.presence\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all\"]}"
}

module "key_encrypted-queue" {
  source = "./modules/event-key"

  description    = "Events for encrypted-queue, on their way and undeliverable"
  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "target_encrypted-queue" {
  source = "./modules/target-sqs"

  aws_partition              = "aws"
  aws_region                 = "eu-central-1"
  aws_account_id             = "123456789012"
  queue_name                 = "gcbridge-targets-encrypted-queue"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30
  kms_key_arn                = module.key_encrypted-queue.arn

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "dead_letter_encrypted-queue" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-encrypted-queue-dead-letter"
  kms_key_arn    = module.key_encrypted-queue.arn

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "target_function" {
  source = "./modules/target-lambda"

  aws_partition       = "aws"
  aws_region          = "eu-central-1"
  aws_account_id      = "123456789012"
  function_name       = "gcbridge-targets-function"
  execution_role_name = "gcbridge-eu-central-1-targets-function-execute"
  handler             = "app.main"
  runtime             = "python3.13"
  timeout_seconds     = 30
  memory_mb           = 256
  environment = {
    FAILURES_QUEUE_URL     = module.queues_function.urls.failures
    LEVEL                  = "debug"
    ROUTING_KEY_ARN        = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pagerduty-a1B2c3"
    TRANSLATIONS_QUEUE_URL = module.queues_function.urls.translations
  }
  package_file          = "packages/function.zip"
  package_sha256_base64 = "VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs="
  failure_queue_arn     = module.dead_letter_function.arn
  execution_statements = [
    {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:pagerduty-a1B2c3"]
    },
    {
      actions = ["sqs:SendMessage"]
      resources = [
        module.queues_function.arns.failures,
        module.queues_function.arns.translations,
      ]
    },
    {
      actions   = ["dynamodb:GetItem"]
      resources = ["arn:aws:dynamodb:eu-central-1:123456789012:table/known"]
    },
  ]
  unscoped_actions = ["translate:TranslateText"]

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "dead_letter_function" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-function-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "queues_function" {
  source = "./modules/function-queues"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queues = {
    failures = {
      queue_name                = "gcbridge-targets-function-failures"
      fifo                      = false
      message_retention_seconds = 1209600
    }
    translations = {
      queue_name                = "gcbridge-targets-function-translations.fifo"
      fifo                      = true
      message_retention_seconds = 345600
    }
  }
}

module "key_kept" {
  source = "./modules/event-key"

  description    = "Events for kept, on their way and undeliverable"
  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/kept"]
}

module "target_kept" {
  source = "./modules/target-kinesis"

  aws_partition   = "aws"
  aws_region      = "eu-central-1"
  aws_account_id  = "123456789012"
  stream_name     = "gcbridge-targets-kept"
  retention_hours = 168
  kms_key_arn     = module.key_kept.arn
  role_name       = "gcbridge-eu-central-1-targets-kept-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/kept"]
}

module "dead_letter_kept" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-kept-dead-letter"
  kms_key_arn    = module.key_kept.arn

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/kept"]
}

module "lake_kept" {
  source = "./modules/stream-to-s3"

  aws_partition        = "aws"
  aws_region           = "eu-central-1"
  aws_account_id       = "123456789012"
  stream_arn           = module.target_kept.arn
  kms_key_arn          = module.key_kept.arn
  delivery_stream_name = "gcbridge-targets-kept"
  delivery_role_name   = "gcbridge-eu-central-1-targets-kept-write"
  bucket_name          = "gcbridge-123456789012-eu-central-1-targets-kept"
  create_bucket        = true
  force_destroy        = false
  keep_days            = 400
  prefix               = "events/"
  buffer_seconds       = 300
  buffer_mb            = 64
  database_name        = "gcbridge_targets_kept"
  table_name           = "events"
  workgroup_name       = "gcbridge-targets-kept"
  first_day            = "2026-11-01"
}

module "target_kept-elsewhere" {
  source = "./modules/target-kinesis"

  aws_partition   = "aws"
  aws_region      = "eu-central-1"
  aws_account_id  = "123456789012"
  stream_name     = "gcbridge-targets-kept-elsewhere"
  retention_hours = 168
  kms_key_arn     = "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"
  role_name       = "gcbridge-eu-central-1-targets-kept-elsewhere-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/kept"]
}

module "dead_letter_kept-elsewhere" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-kept-elsewhere-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/kept"]
}

module "lake_kept-elsewhere" {
  source = "./modules/stream-to-s3"

  aws_partition        = "aws"
  aws_region           = "eu-central-1"
  aws_account_id       = "123456789012"
  stream_arn           = module.target_kept-elsewhere.arn
  kms_key_arn          = "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"
  delivery_stream_name = "gcbridge-targets-kept-elsewhere"
  delivery_role_name   = "gcbridge-eu-central-1-targets-kept-elsewhere-write"
  bucket_name          = "acme-contact-centre"
  create_bucket        = false
  force_destroy        = false
  prefix               = "genesys/presence/"
  buffer_seconds       = 60
  buffer_mb            = 128
  database_name        = "gcbridge_targets_kept_elsewhere"
  table_name           = "events"
  workgroup_name       = "gcbridge-targets-kept-elsewhere"
  first_day            = "2024-01-01"
}

module "target_known-function" {
  source = "./modules/target-existing"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  arn            = "arn:aws:lambda:eu-central-1:123456789012:function:audit:live"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "dead_letter_known-function" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-known-function-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "target_known-key" {
  source = "./modules/target-existing"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  arn            = "arn:aws:kinesis:eu-central-1:123456789012:stream/audit"
  kms_key_arn    = "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"
  role_name      = "gcbridge-eu-central-1-targets-known-key-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "dead_letter_known-key" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-known-key-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "target_known-log" {
  source = "./modules/target-existing"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  arn            = "arn:aws:logs:eu-central-1:123456789012:log-group:/audit/genesys"
  policy_name    = "gcbridge-targets-known-log"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "dead_letter_known-log" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-known-log-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "target_known-queue" {
  source = "./modules/target-existing"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  arn            = "arn:aws:sqs:eu-central-1:123456789012:orders.fifo"
  role_name      = "gcbridge-eu-central-1-targets-known-queue-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit"]
}

module "target_known-task" {
  source = "./modules/target-ecs-task"

  aws_partition       = "aws"
  aws_region          = "eu-central-1"
  aws_account_id      = "123456789012"
  name                = "gcbridge-targets-known-task"
  cluster_arn         = "arn:aws:ecs:eu-central-1:123456789012:cluster/main"
  task_definition_arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/report:7"
  pass_role_arns      = ["arn:aws:iam::123456789012:role/report-task"]
  role_name           = "gcbridge-eu-central-1-targets-known-task-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "dead_letter_known-task" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-known-task-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "target_lake" {
  source = "./modules/target-firehose"

  aws_partition      = "aws"
  aws_region         = "eu-central-1"
  aws_account_id     = "123456789012"
  stream_name        = "gcbridge-targets-lake"
  bucket_name        = "gcbridge-123456789012-eu-central-1-targets-lake"
  create_bucket      = true
  delivery_role_name = "gcbridge-eu-central-1-targets-lake-write"
  prefix             = "events/"
  partition_by_topic = true
  buffer_seconds     = 300
  buffer_mb          = 64
  force_destroy      = true
  role_name          = "gcbridge-eu-central-1-targets-lake-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "dead_letter_lake" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-lake-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "target_log" {
  source = "./modules/target-log-group"

  aws_partition     = "aws"
  aws_region        = "eu-central-1"
  aws_account_id    = "123456789012"
  log_group_name    = "/aws/events/gcbridge/targets/log"
  retention_in_days = 30

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "dead_letter_log" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-log-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "target_machine" {
  source = "./modules/target-step-functions"

  aws_partition       = "aws"
  aws_region          = "eu-central-1"
  aws_account_id      = "123456789012"
  state_machine_name  = "gcbridge-targets-machine"
  definition          = "{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}"
  machine_type        = "EXPRESS"
  execution_role_name = "gcbridge-eu-central-1-targets-machine-execute"
  role_name           = "gcbridge-eu-central-1-targets-machine-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "dead_letter_machine" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-machine-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "target_ordered" {
  source = "./modules/target-sqs"

  aws_partition              = "aws"
  aws_region                 = "eu-central-1"
  aws_account_id             = "123456789012"
  queue_name                 = "gcbridge-targets-ordered.fifo"
  fifo                       = true
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "dead_letter_ordered" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-ordered-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "target_other-account" {
  source = "./modules/target-event-bus"

  providers = {
    aws          = aws
    aws.receiver = aws.receiver_other-account
  }

  aws_partition       = "aws"
  aws_region          = "eu-central-1"
  aws_account_id      = "123456789012"
  event_bus_name      = "central"
  receiver_region     = "eu-west-1"
  receiver_account_id = "210987654321"
  create_event_bus    = false
  role_name           = "gcbridge-eu-central-1-targets-other-account-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "dead_letter_other-account" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-other-account-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "target_other-region" {
  source = "./modules/target-event-bus"

  providers = {
    aws          = aws
    aws.receiver = aws.receiver_other-region
  }

  aws_partition       = "aws"
  aws_region          = "eu-central-1"
  aws_account_id      = "123456789012"
  event_bus_name      = "gcbridge-targets-other-region"
  receiver_region     = "us-east-1"
  receiver_account_id = "123456789012"
  create_event_bus    = true
  role_name           = "gcbridge-eu-central-1-targets-other-region-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "dead_letter_other-region" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-other-region-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "target_queue" {
  source = "./modules/target-sqs"

  aws_partition              = "aws"
  aws_region                 = "eu-central-1"
  aws_account_id             = "123456789012"
  queue_name                 = "gcbridge-targets-queue"
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 30

  rule_arns = [
    "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit",
    "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1",
  ]
}

module "dead_letter_queue" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-queue-dead-letter"

  rule_arns = [
    "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/audit",
    "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1",
  ]
}

module "target_stream" {
  source = "./modules/target-kinesis"

  aws_partition   = "aws"
  aws_region      = "eu-central-1"
  aws_account_id  = "123456789012"
  stream_name     = "gcbridge-targets-stream"
  retention_hours = 8760
  shard_count     = 2
  role_name       = "gcbridge-eu-central-1-targets-stream-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "dead_letter_stream" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-stream-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "key_table" {
  source = "./modules/event-key"

  description    = "Events for table, on their way and undeliverable"
  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "target_table" {
  source = "./modules/target-dynamodb"

  aws_partition         = "aws"
  aws_region            = "eu-central-1"
  aws_account_id        = "123456789012"
  table_name            = "gcbridge-targets-table"
  key_path              = "$.detail.topicName"
  ttl_days              = 30
  function_name         = "gcbridge-targets-table-writer"
  execution_role_name   = "gcbridge-eu-central-1-targets-table-execute"
  package_file          = "packages/table.zip"
  package_sha256_base64 = "VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs="
  failure_queue_arn     = module.dead_letter_table.arn
  execution_statements = [
    {
      actions = [
        "kms:Decrypt",
        "kms:GenerateDataKey",
      ]
      resources = [module.key_table.arn]
    },
  ]

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "dead_letter_table" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-table-dead-letter"
  kms_key_arn    = module.key_table.arn

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "target_task" {
  source = "./modules/target-ecs-task"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  name           = "gcbridge-targets-task"
  image          = "public.ecr.aws/docker/library/busybox:1.37"
  cpu            = 256
  memory         = 512
  environment = {
    LEVEL = "debug"
  }
  role_name = "gcbridge-eu-central-1-targets-task-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "dead_letter_task" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-task-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-3"]
}

module "target_topic" {
  source = "./modules/target-sns"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  topic_name     = "gcbridge-targets-topic"
  kms_key_arn    = "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"
  role_name      = "gcbridge-eu-central-1-targets-topic-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "dead_letter_topic" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-topic-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-1"]
}

module "target_web" {
  source = "./modules/target-api-destination"

  aws_partition         = "aws"
  aws_region            = "eu-central-1"
  aws_account_id        = "123456789012"
  name                  = "gcbridge-targets-web"
  endpoint_url          = "https://events.example.com/v2/*/enqueue"
  http_method           = "POST"
  rate_limit_per_second = 10
  authorization = {
    type     = "API_KEY"
    key_name = "X-Api-Key"
  }
  role_name = "gcbridge-eu-central-1-targets-web-deliver"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "dead_letter_web" {
  source = "./modules/target-sqs"

  aws_partition  = "aws"
  aws_region     = "eu-central-1"
  aws_account_id = "123456789012"
  queue_name     = "gcbridge-targets-web-dead-letter"

  rule_arns = ["arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all/presence-2"]
}

module "rule_audit" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "audit"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"detail-type\":[\"v2.audits.entitytype.{id}.entityid.{id}\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all\"]}"

  targets = {
    known-function = {
      arn                       = module.target_known-function.arn
      dead_letter_arn           = module.dead_letter_known-function.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
    known-key = {
      arn                       = module.target_known-key.arn
      dead_letter_arn           = module.dead_letter_known-key.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_known-key.role_arn
    }
    known-log = {
      arn                       = module.target_known-log.arn
      dead_letter_arn           = module.dead_letter_known-log.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
    known-queue = {
      arn                       = module.target_known-queue.arn
      dead_letter_arn           = null
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_known-queue.role_arn
      message_group_id          = "genesys"
    }
    queue = {
      arn                       = module.target_queue.arn
      dead_letter_arn           = module.dead_letter_queue.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      input_transformer = {
        paths = {
          user  = "$.detail.topicName"
          state = "$.detail.eventBody.presenceDefinition.systemPresence"
        }
        template = "{\"user\": <user>, \"state\": <state>, \"note\": \"$${not} a <state> reference\"}"
      }
    }
  }
}

module "rule_kept" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "kept"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"detail-type\":[\"v2.users.{id}.presence\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all\"]}"

  targets = {
    kept = {
      arn                       = module.lake_kept.stream_arn
      dead_letter_arn           = module.dead_letter_kept.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_kept.role_arn
    }
    kept-elsewhere = {
      arn                       = module.lake_kept-elsewhere.stream_arn
      dead_letter_arn           = module.dead_letter_kept-elsewhere.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_kept-elsewhere.role_arn
    }
  }
}

module "rule_presence-1" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "presence-1"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"detail-type\":[\"v2.users.{id}.presence\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all\"]}"

  targets = {
    encrypted-queue = {
      arn                       = module.target_encrypted-queue.arn
      dead_letter_arn           = module.dead_letter_encrypted-queue.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
    function = {
      arn                       = module.target_function.arn
      dead_letter_arn           = module.dead_letter_function.arn
      maximum_retry_attempts    = 3
      maximum_event_age_seconds = 1800
    }
    ordered = {
      arn                       = module.target_ordered.arn
      dead_letter_arn           = module.dead_letter_ordered.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      input_transformer = {
        paths = {
          id   = "$.id"
          body = "$.detail.eventBody"
        }
        template = "{\"id\": <id>, \"body\": <body>}"
      }
      message_group_id = "presence"
    }
    queue = {
      arn                       = module.target_queue.arn
      dead_letter_arn           = module.dead_letter_queue.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      input_transformer = {
        paths = {
          user  = "$.detail.topicName"
          state = "$.detail.eventBody.presenceDefinition.systemPresence"
        }
        template = "{\"user\": <user>, \"state\": <state>, \"note\": \"$${not} a <state> reference\"}"
      }
    }
    topic = {
      arn                       = module.target_topic.arn
      dead_letter_arn           = module.dead_letter_topic.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_topic.role_arn
    }
  }
}

module "rule_presence-2" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "presence-2"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"detail-type\":[\"v2.users.{id}.presence\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all\"]}"

  targets = {
    lake = {
      arn                       = module.target_lake.arn
      dead_letter_arn           = module.dead_letter_lake.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_lake.role_arn
    }
    log = {
      arn                       = module.target_log.arn
      dead_letter_arn           = module.dead_letter_log.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      input_transformer = {
        paths = {
          time = "$.time"
          user = "$.detail.topicName"
        }
        template = "{\"timestamp\": <time>, \"message\": <user>}"
      }
    }
    machine = {
      arn                       = module.target_machine.arn
      dead_letter_arn           = module.dead_letter_machine.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_machine.role_arn
    }
    stream = {
      arn                       = module.target_stream.arn
      dead_letter_arn           = module.dead_letter_stream.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_stream.role_arn
      input_path                = "$.detail"
      partition_key_path        = "$.detail.topicName"
    }
    web = {
      arn                       = module.target_web.arn
      dead_letter_arn           = module.dead_letter_web.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_web.role_arn
      input                     = "{\"text\": \"presence changed\"}"
      http = {
        path_parameter_values = ["$.detail.topicName"]
        header_parameters = {
          X-Event = "$.id"
        }
        query_string_parameters = {
          from = "gcbridge"
        }
      }
    }
  }
}

module "rule_presence-3" {
  source = "./modules/event-rule"

  event_bus_name = module.event_bus.name
  name           = "presence-3"
  description    = ""
  state          = "ENABLED"
  event_pattern  = "{\"detail-type\":[\"v2.users.{id}.presence\"],\"source\":[\"aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000002/all\"]}"

  targets = {
    known-task = {
      arn                       = module.target_known-task.arn
      dead_letter_arn           = module.dead_letter_known-task.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_known-task.role_arn
      ecs = {
        task_definition_arn = module.target_known-task.task_definition_arn
        launch_type         = "FARGATE"
        subnets             = ["subnet-0a1b2c3d"]
        security_groups     = ["sg-0a1b2c3d"]
        assign_public_ip    = true
        task_count          = 1
      }
    }
    other-account = {
      arn                       = module.target_other-account.arn
      dead_letter_arn           = module.dead_letter_other-account.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_other-account.role_arn
    }
    other-region = {
      arn                       = module.target_other-region.arn
      dead_letter_arn           = module.dead_letter_other-region.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_other-region.role_arn
    }
    table = {
      arn                       = module.target_table.arn
      dead_letter_arn           = module.dead_letter_table.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
    }
    task = {
      arn                       = module.target_task.arn
      dead_letter_arn           = module.dead_letter_task.arn
      maximum_retry_attempts    = 185
      maximum_event_age_seconds = 86400
      role_arn                  = module.target_task.role_arn
      ecs = {
        task_definition_arn = module.target_task.task_definition_arn
        launch_type         = "FARGATE"
        subnets             = ["subnet-0a1b2c3d"]
        security_groups     = []
        assign_public_ip    = false
        task_count          = 1
      }
    }
  }
}
