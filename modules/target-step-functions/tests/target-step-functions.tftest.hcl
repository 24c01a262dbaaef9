mock_provider "aws" {}

variables {
  aws_region          = "eu-central-1"
  aws_account_id      = "012345678901"
  state_machine_name  = "events"
  role_name           = "gcbridge-dev-events-deliver"
  execution_role_name = "gcbridge-dev-events-execute"
  definition          = "{\"StartAt\":\"Take\",\"States\":{\"Take\":{\"Type\":\"Pass\",\"End\":true}}}"
  rule_arns           = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
}

run "eventbridge_may_start_it_and_it_may_do_nothing" {
  command = plan

  assert {
    condition = jsondecode(module.invoke_role.policy).Statement == [{
      Effect   = "Allow"
      Action   = "states:StartExecution"
      Resource = "arn:aws:states:eu-central-1:012345678901:stateMachine:events"
    }]
    error_message = "The role must be able to start this state machine, and nothing else."
  }

  assert {
    condition = jsondecode(aws_iam_role.execution[0].assume_role_policy).Statement == [{
      Sid       = "StateMachineAssumesRole"
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:states:eu-central-1:012345678901:stateMachine:events" }
        StringEquals = { "aws:SourceAccount" = "012345678901" }
      }
    }]
    error_message = "Only this state machine may run as the role that is made for it."
  }

  assert {
    condition     = aws_sfn_state_machine.this.type == "STANDARD" && aws_sfn_state_machine.this.definition == var.definition
    error_message = "Type and definition must be those that were given."
  }

  assert {
    condition     = output.arn == "arn:aws:states:eu-central-1:012345678901:stateMachine:events" && output.role_arn == "arn:aws:iam::012345678901:role/gcbridge-dev-events-deliver"
    error_message = "Both ARNs must be known in the plan."
  }
}

run "a_role_that_exists_is_taken" {
  command = plan

  variables {
    machine_type        = "EXPRESS"
    execution_role_name = null
    execution_role_arn  = "arn:aws:iam::012345678901:role/flows/run"
  }

  assert {
    condition     = length(aws_iam_role.execution) == 0 && aws_sfn_state_machine.this.role_arn == "arn:aws:iam::012345678901:role/flows/run"
    error_message = "With execution_role_arn no role must be made."
  }

  assert {
    condition     = aws_sfn_state_machine.this.type == "EXPRESS"
    error_message = "The type must be the one that was given."
  }
}

run "two_roles_are_refused" {
  command = plan

  variables {
    execution_role_arn = "arn:aws:iam::012345678901:role/flows/run"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "no_role_is_refused" {
  command = plan

  variables {
    execution_role_name = null
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "a_definition_that_starts_nowhere_is_refused" {
  command = plan

  variables {
    definition = "{\"StartAt\":\"Take\",\"States\":{}}"
  }

  expect_failures = [var.definition]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition       = "AWS"
    aws_region          = "Frankfurt"
    aws_account_id      = "12345678901"
    rule_arns           = ["arn:aws:events:eu-central-1:012345678901:rule/*"]
    state_machine_name  = "with space"
    role_name           = "with space"
    definition          = "not JSON"
    machine_type        = "standard"
    execution_role_arn  = "run"
    execution_role_name = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.state_machine_name,
    var.role_name,
    var.definition,
    var.machine_type,
    var.execution_role_arn,
    var.execution_role_name,
  ]
}

run "a_state_machine_without_rules_is_refused" {
  command = plan

  variables {
    rule_arns = []
  }

  expect_failures = [var.rule_arns]
}
