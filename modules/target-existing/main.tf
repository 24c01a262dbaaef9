locals {
  # arn : partition : service : region : account : resource
  parts    = split(":", var.arn)
  service  = local.parts[2]
  resource = join(":", slice(local.parts, 5, length(local.parts)))
  place    = "${local.parts[1]} ${local.parts[3]} ${local.parts[4]}"
  here     = "${var.aws_partition} ${var.aws_region} ${var.aws_account_id}"

  # EventBridge has two kinds of targets of its own.
  kind = local.service == "events" ? split("/", local.resource)[0] : local.service

  # Permission by a role leaves the policy of what exists as it is: a queue or topic has one policy, which cannot be added to.
  actions = lookup({
    sqs             = ["sqs:SendMessage"]
    sns             = ["sns:Publish"]
    kinesis         = ["kinesis:PutRecord", "kinesis:PutRecords"]
    firehose        = ["firehose:PutRecord", "firehose:PutRecordBatch"]
    states          = ["states:StartExecution"]
    api-destination = ["events:InvokeApiDestination"]
    event-bus       = ["events:PutEvents"]
  }, local.kind, [])

  # function : name [: qualifier]
  function_name = local.kind == "lambda" ? local.parts[6] : null
  qualifier     = local.kind == "lambda" && length(local.parts) == 8 ? local.parts[7] : null

  rule_arns = sort(distinct(var.rule_arns))
}

module "invoke_role" {
  source = "../invoke-role"
  count  = var.role_name == null || length(local.actions) == 0 ? 0 : 1

  aws_partition   = var.aws_partition
  aws_region      = var.aws_region
  aws_account_id  = var.aws_account_id
  rule_arns       = var.rule_arns
  name            = var.role_name
  statements      = [{ actions = local.actions, resources = [var.arn] }]
  kms_key_arn     = var.kms_key_arn
  kms_via_service = local.service
}

# No source_account: AWS says that it keeps EventBridge from invoking the function. The rule's ARN holds the account.
resource "aws_lambda_permission" "this" {
  for_each = toset(local.kind == "lambda" ? local.rule_arns : [])

  statement_id  = "rule-${substr(sha256(each.value), 0, 16)}"
  action        = "lambda:InvokeFunction"
  function_name = local.function_name
  qualifier     = local.qualifier
  principal     = "events.amazonaws.com"
  source_arn    = each.value
}

locals {
  log_services = ["events.amazonaws.com", "delivery.logs.amazonaws.com"]

  # Rules of one bus belong to one environment. The digest keeps apart what two environments, or target-log-group, call theirs.
  buses = distinct([for arn in local.rule_arns : replace(arn, "/[^/]*$/", "")])
  made_policy_name = join("-", [
    substr(replace(trim(replace(local.resource, "/^log-group:/", ""), "/"), "/[^A-Za-z0-9_.-]/", "-"), 0, 200),
    substr(sha256(join(" ", concat([var.arn], local.buses))), 0, 8),
  ])

  log_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CreateLogStream"
        Effect    = "Allow"
        Principal = { Service = local.log_services }
        Action    = "logs:CreateLogStream"
        Resource  = "${var.arn}:*"
      },
      {
        Sid       = "RulesPutEvents"
        Effect    = "Allow"
        Principal = { Service = local.log_services }
        Action    = "logs:PutLogEvents"
        Resource  = "${var.arn}:*:*"
        Condition = { ArnEquals = { "aws:SourceArn" = local.rule_arns } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_resource_policy" "this" {
  count = local.kind == "logs" ? 1 : 0

  policy_name     = var.policy_name == null ? local.made_policy_name : var.policy_name
  policy_document = local.log_policy

  lifecycle {
    precondition {
      condition     = length(local.log_policy) <= 5120
      error_message = "CloudWatch Logs allows 5120 characters of resource policy, and ${length(var.rule_arns)} rules need ${length(local.log_policy)}: give some of them another log group."
    }
  }
}
