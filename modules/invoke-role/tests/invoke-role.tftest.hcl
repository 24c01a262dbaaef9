mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  name           = "gcbridge-dev-stream-invoke"
  statements     = [{ actions = ["kinesis:PutRecords", "kinesis:PutRecord"], resources = ["arn:aws:kinesis:eu-central-1:012345678901:stream/events"] }]
  rule_arns = [
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
    "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
  ]
}

run "only_its_rules_may_assume_it" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Sid       = "RulesAssumeRole"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnEquals = { "aws:SourceArn" = [
          "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/audit",
          "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence",
        ] }
        StringEquals = { "aws:SourceAccount" = "012345678901" }
      }
    }]
    error_message = "EventBridge must be let in on behalf of exactly the named rules of this account, and nobody else."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [{
      Effect   = "Allow"
      Action   = ["kinesis:PutRecord", "kinesis:PutRecords"]
      Resource = "arn:aws:kinesis:eu-central-1:012345678901:stream/events"
    }]
    error_message = "The role must be able to do what was given, and nothing else."
  }

  assert {
    condition     = output.arn == "arn:aws:iam::012345678901:role/gcbridge-dev-stream-invoke"
    error_message = "The ARN must follow from partition, account and name."
  }

  assert {
    condition     = length(aws_kms_grant.this) == 0
    error_message = "Without a key there must be no grant."
  }
}

run "conditions_are_kept" {
  command = plan

  variables {
    statements = [
      {
        actions    = ["ecs:RunTask"]
        resources  = ["arn:aws:ecs:eu-central-1:012345678901:task-definition/events:1"]
        conditions = { ArnEquals = { "ecs:cluster" = ["arn:aws:ecs:eu-central-1:012345678901:cluster/events"] } }
      },
      {
        actions    = ["iam:PassRole"]
        resources  = ["arn:aws:iam::012345678901:role/task", "arn:aws:iam::012345678901:role/execution"]
        conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
      },
    ]
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "arn:aws:ecs:eu-central-1:012345678901:task-definition/events:1"
        Condition = { ArnEquals = { "ecs:cluster" = "arn:aws:ecs:eu-central-1:012345678901:cluster/events" } }
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = ["arn:aws:iam::012345678901:role/execution", "arn:aws:iam::012345678901:role/task"]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
    error_message = "Conditions must reach the policy."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition   = "AWS"
    aws_region      = "Frankfurt"
    aws_account_id  = "12345678901"
    name            = "with space"
    rule_arns       = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    statements      = []
    kms_key_arn     = "arn:aws:kms:eu-central-1:012345678901:alias/events"
    kms_via_service = "SQS"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.name,
    var.rule_arns,
    var.statements,
    var.kms_key_arn,
    var.kms_via_service,
  ]
}

run "a_wildcard_action_is_refused" {
  command = plan

  variables {
    statements = [{ actions = ["kinesis:*"], resources = ["arn:aws:kinesis:eu-central-1:012345678901:stream/events"] }]
  }

  expect_failures = [var.statements]
}

run "a_wildcard_resource_is_refused" {
  command = plan

  variables {
    statements = [{ actions = ["kinesis:PutRecord"], resources = ["arn:aws:kinesis:eu-central-1:012345678901:stream/*"] }]
  }

  expect_failures = [var.statements]
}

run "a_role_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}

run "a_trust_policy_longer_than_iam_allows_is_refused" {
  command = plan

  variables {
    rule_arns = [for number in range(20) : "arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/rule-${number}"]
  }

  expect_failures = [aws_iam_role.this]
}

run "a_key_is_usable_through_one_service_only" {
  override_resource {
    target = aws_iam_role.this
    values = { arn = "arn:aws-cn:iam::012345678901:role/gcbridge-dev-stream-invoke" }
  }

  variables {
    aws_region      = "cn-north-1"
    aws_partition   = "aws-cn"
    kms_key_arn     = "arn:aws-cn:kms:cn-north-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
    kms_via_service = "kinesis"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement[1] == {
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "arn:aws-cn:kms:cn-north-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000"
      Condition = { StringEquals = { "kms:ViaService" = "kinesis.cn-north-1.amazonaws.com.cn" } }
    }
    error_message = "The role must be able to use exactly the target's key, through the target's service."
  }

  assert {
    condition = (
      aws_kms_grant.this[0].key_id == "arn:aws-cn:kms:cn-north-1:012345678901:key/0c6b1f6e-0000-4000-8000-000000000000" &&
      aws_kms_grant.this[0].grantee_principal == "arn:aws-cn:iam::012345678901:role/gcbridge-dev-stream-invoke" &&
      aws_kms_grant.this[0].operations == toset(["Decrypt", "GenerateDataKey"])
    )
    error_message = "The key must let the role in, whatever the key's own policy says."
  }
}

run "a_role_that_is_not_the_planned_one_is_noticed" {
  command = plan

  expect_failures = [aws_iam_role.this]
}
