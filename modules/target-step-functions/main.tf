locals {
  # Computed, because the state machine's role names the state machine; known in the plan, where a reviewer reads it.
  arn = "arn:${var.aws_partition}:states:${var.aws_region}:${var.aws_account_id}:stateMachine:${var.state_machine_name}"

  trust_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "StateMachineAssumesRole"
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = local.arn }
        StringEquals = { "aws:SourceAccount" = var.aws_account_id }
      }
    }]
  })
}

resource "aws_iam_role" "execution" {
  count = var.execution_role_name == null ? 0 : 1

  name               = var.execution_role_name
  description        = "The state machine ${var.state_machine_name} runs as this role."
  assume_role_policy = local.trust_policy
}

resource "aws_sfn_state_machine" "this" {
  name       = var.state_machine_name
  type       = var.machine_type
  role_arn   = var.execution_role_arn == null ? one(aws_iam_role.execution[*].arn) : var.execution_role_arn
  definition = var.definition

  lifecycle {
    precondition {
      condition     = (var.execution_role_arn == null) != (var.execution_role_name == null)
      error_message = "Give either execution_role_arn or execution_role_name: a state machine runs as exactly one role."
    }

    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the state machine ${self.arn}, but ${local.arn} was planned: aws_account_id, aws_region or aws_partition is not the provider's."
    }
  }
}

module "invoke_role" {
  source = "../invoke-role"

  aws_partition  = var.aws_partition
  aws_region     = var.aws_region
  aws_account_id = var.aws_account_id
  rule_arns      = var.rule_arns
  name           = var.role_name
  statements     = [{ actions = ["states:StartExecution"], resources = [local.arn] }]
}
