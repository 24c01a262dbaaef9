mock_provider "aws" {
  mock_resource "aws_kms_key" {
    defaults = {
      arn    = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      key_id = "0c6b1f6e-0000-4000-8000-000000000000"
    }
  }
}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  description    = "Events for crm"
  rule_arns = [
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
  ]
}

run "only_its_rules_may_encrypt" {
  assert {
    condition = jsondecode(aws_kms_key_policy.this.policy).Statement[2] == {
      Sid       = "RulesEncrypt"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      Condition = {
        ArnEquals = { "aws:SourceArn" = [
          "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
          "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
        ] }
        StringEquals = { "aws:SourceAccount" = "012345678901" }
      }
    }
    error_message = "EventBridge must be able to use the key on behalf of exactly the named rules."
  }

  assert {
    condition     = length(jsondecode(aws_kms_key_policy.this.policy).Statement) == 3
    error_message = "Nobody but the account and EventBridge may be let in."
  }

  assert {
    condition = alltrue([
      for statement in slice(jsondecode(aws_kms_key_policy.this.policy).Statement, 0, 2) :
      statement.Principal == { AWS = "arn:aws:iam::012345678901:root" } && statement.Resource == "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
    ])
    error_message = "The account must keep the key in hand: without that nobody could ever change or delete it."
  }

  assert {
    condition     = !strcontains(aws_kms_key_policy.this.policy, "*")
    error_message = "The policy must hold no wildcard."
  }

  assert {
    condition     = contains(jsondecode(aws_kms_key_policy.this.policy).Statement[0].Action, "kms:PutKeyPolicy")
    error_message = "KMS refuses a policy that locks everybody out."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && output.arn == "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000" && output.key_id == "0c6b1f6e-0000-4000-8000-000000000000"
    error_message = "The key must be rotated, and its outputs must be its own."
  }
}

run "topics_are_let_in_by_topic" {
  variables {
    topic_arns = ["arn:aws:sns:eu-central-1:012345678901:events"]
  }

  assert {
    condition = jsondecode(aws_kms_key_policy.this.policy).Statement[3] == {
      Sid       = "RulesEncryptForTopics"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "arn:aws:kms:eu-central-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = ["arn:aws:sns:eu-central-1:012345678901:events"] } }
    }
    error_message = "SNS hands on no rule, so EventBridge must be let in for exactly the named topics."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition  = "AWS"
    aws_region     = "Frankfurt"
    aws_account_id = "12345678901"
    rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    description    = ""
    topic_arns     = ["arn:aws:sns:eu-central-1:012345678901:events.fifo"]
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.description,
    var.topic_arns,
  ]
}

run "a_key_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}

run "another_accounts_key_is_noticed" {
  command = plan

  variables {
    aws_account_id = "123456789012"
  }

  expect_failures = [aws_kms_key_policy.this]
}
