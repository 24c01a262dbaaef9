mock_provider "aws" {}

mock_provider "aws" {
  alias = "receiver"
}

variables {
  aws_region          = "eu-central-1"
  aws_account_id      = "012345678901"
  rule_arns           = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
  event_bus_name      = "contact-centre"
  receiver_region     = "eu-west-1"
  receiver_account_id = "123456789012"
  role_name           = "contact-centre-invoke"
}

run "only_the_role_may_send" {
  command = plan

  assert {
    condition = jsondecode(aws_cloudwatch_event_bus_policy.this[0].policy).Statement == [{
      Sid       = "RulesSendEvents"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::012345678901:root" }
      Action    = "events:PutEvents"
      Resource  = "arn:aws:events:eu-west-1:123456789012:event-bus/contact-centre"
    }]
    error_message = "The bus must take events from exactly the role of the rules."
  }

  assert {
    condition     = jsonencode(local.statements) == jsonencode([{ actions = ["events:PutEvents"], resources = ["arn:aws:events:eu-west-1:123456789012:event-bus/contact-centre"] }])
    error_message = "The role may send to exactly this bus."
  }

  assert {
    condition     = aws_cloudwatch_event_bus.this[0].name == "contact-centre" && length(aws_cloudwatch_event_permission.this) == 0
    error_message = "A bus that is made has one policy and no further permission."
  }

  assert {
    condition     = output.arn == "arn:aws:events:eu-west-1:123456789012:event-bus/contact-centre" && output.role_arn == "arn:aws:iam::012345678901:role/contact-centre-invoke"
    error_message = "ARNs must be known in the plan."
  }
}

run "an_existing_bus_of_another_account" {
  command = plan

  variables {
    event_bus_name   = "default"
    create_event_bus = false
  }

  assert {
    condition     = length(aws_cloudwatch_event_bus.this) == 0 && length(aws_cloudwatch_event_bus_policy.this) == 0
    error_message = "A bus that exists must be neither made nor have its policy replaced."
  }

  assert {
    condition     = aws_cloudwatch_event_permission.this[0].principal == "012345678901" && aws_cloudwatch_event_permission.this[0].action == "events:PutEvents" && aws_cloudwatch_event_permission.this[0].event_bus_name == "default"
    error_message = "The sender's account must be added to the policy of the bus."
  }

  assert {
    condition     = can(regex("^role-[0-9a-f]{32}$", aws_cloudwatch_event_permission.this[0].statement_id))
    error_message = "Each sender must have a statement of its own."
  }

  assert {
    condition     = local.statements[0].resources == ["arn:aws:events:eu-west-1:123456789012:event-bus/default"]
    error_message = "The role may send to exactly this bus."
  }
}

run "an_existing_bus_of_the_same_account" {
  command = plan

  variables {
    receiver_account_id = "012345678901"
    create_event_bus    = false
  }

  assert {
    condition     = length(aws_cloudwatch_event_permission.this) == 0 && length(aws_cloudwatch_event_bus_policy.this) == 0
    error_message = "In the same account the role's own policy is enough."
  }
}

run "a_bus_that_every_account_has_is_not_made" {
  command = plan

  variables {
    event_bus_name = "default"
  }

  expect_failures = [aws_cloudwatch_event_bus.this]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition       = "AWS"
    aws_region          = "Frankfurt"
    aws_account_id      = "12345678901"
    rule_arns           = []
    event_bus_name      = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"
    receiver_region     = "Dublin"
    receiver_account_id = "23456789012"
    role_name           = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.event_bus_name,
    var.receiver_region,
    var.receiver_account_id,
    var.role_name,
  ]
}
