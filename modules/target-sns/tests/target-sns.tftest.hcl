mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  topic_name     = "events"
  rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

run "without_a_role_the_topic_lets_eventbridge_in" {
  command = plan

  assert {
    condition = jsondecode(aws_sns_topic.this.policy).Statement == [{
      Sid       = "EventBridgePublishes"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-central-1:012345678901:events"
    }]
    error_message = "EventBridge must be let in without a condition: with one, SNS lets nothing through."
  }

  assert {
    condition     = output.arn == "arn:aws:sns:eu-central-1:012345678901:events" && output.role_arn == null
    error_message = "The ARN must follow from partition, region, account and name, and there must be no role."
  }
}

run "with_a_role_only_its_rules_may_publish" {
  command = plan

  variables {
    role_name   = "gcbridge-dev-events-deliver"
    kms_key_arn = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
  }

  assert {
    condition = jsondecode(aws_sns_topic.this.policy).Statement == [{
      Sid       = "AccountPublishesByItsPolicies"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::012345678901:root" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-central-1:012345678901:events"
    }]
    error_message = "Beside the role, the topic must let EventBridge in no second time."
  }

  assert {
    condition = jsondecode(module.invoke_role[0].policy).Statement == [
      {
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:aws:sns:eu-central-1:012345678901:events"
      },
      {
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
        Condition = { StringEquals = { "kms:ViaService" = "sns.eu-central-1.amazonaws.com" } }
      },
    ]
    error_message = "The role must be able to publish to this topic and to use this key for it, and nothing else."
  }

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000" && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-events-deliver"
    error_message = "Key and role must be those that were given."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition  = "AWS"
    aws_region     = "Frankfurt"
    aws_account_id = "12345678901"
    rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    topic_name     = "events.fifo"
    kms_key_arn    = "alias/aws/sns"
    role_name      = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.topic_name,
    var.kms_key_arn,
    var.role_name,
  ]
}

run "a_topic_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}
