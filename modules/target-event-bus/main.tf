locals {
  arn           = "arn:${var.aws_partition}:events:${var.receiver_region}:${var.receiver_account_id}:event-bus/${var.event_bus_name}"
  statements    = [{ actions = ["events:PutEvents"], resources = [local.arn] }]
  sender        = "arn:${var.aws_partition}:iam::${var.aws_account_id}:root"
  cross_account = var.receiver_account_id != var.aws_account_id
}

resource "aws_cloudwatch_event_bus" "this" {
  count    = var.create_event_bus ? 1 : 0
  provider = aws.receiver

  name = var.event_bus_name

  lifecycle {
    precondition {
      condition     = var.event_bus_name != "default"
      error_message = "Every account has the bus default already: set create_event_bus to false."
    }

    postcondition {
      condition     = self.arn == local.arn
      error_message = "AWS made the event bus ${self.arn}, but ${local.arn} was planned: receiver_account_id, receiver_region or aws_partition is not that of the provider aws.receiver."
    }
  }
}

resource "aws_cloudwatch_event_bus_policy" "this" {
  count    = var.create_event_bus ? 1 : 0
  provider = aws.receiver

  event_bus_name = aws_cloudwatch_event_bus.this[0].name

  # The account, as in AWS's own examples: PutTargets has been seen to refuse a bus whose policy names a role only
  # (ministryofjustice/modernisation-platform-environments#19002). Who in that account may send, its own policies say.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RulesSendEvents"
      Effect    = "Allow"
      Principal = { AWS = local.sender }
      Action    = "events:PutEvents"
      Resource  = local.arn
    }]
  })
}

# Adds one statement to the policy that is there. PutPermission takes an account as principal and nothing finer.
resource "aws_cloudwatch_event_permission" "this" {
  count    = !var.create_event_bus && local.cross_account ? 1 : 0
  provider = aws.receiver

  event_bus_name = var.event_bus_name
  statement_id   = "role-${substr(sha256(module.invoke_role.arn), 0, 32)}"
  action         = "events:PutEvents"
  principal      = var.aws_account_id
}

module "invoke_role" {
  source = "../invoke-role"

  aws_partition  = var.aws_partition
  aws_region     = var.aws_region
  aws_account_id = var.aws_account_id
  rule_arns      = var.rule_arns
  name           = var.role_name
  statements     = local.statements
}
