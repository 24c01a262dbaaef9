"""The real Terraform with the real AWS provider: apply, a plan without changes, delivery, destroy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PARTNER = "999988887777"

# A queue costs the provider 25 s whatever the emulator does; the two are made side by side.
MAIN_TF = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.100" }
  }
}

variable "event_source_name" { type = string }

locals {
  may_send = { for name in ["target", "dead"] : name => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:${name}"
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.calls.arn } }
    }]
  }) }
}

resource "aws_cloudwatch_event_bus" "partner" {
  name              = var.event_source_name
  event_source_name = var.event_source_name
  tags              = { team = "cx" }
}

resource "aws_cloudwatch_event_rule" "calls" {
  name           = "calls"
  description    = "Ended calls"
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  event_pattern  = jsonencode({ source = [var.event_source_name] })
  tags           = { team = "cx" }
}

resource "aws_sqs_queue" "target" {
  name   = "target"
  policy = local.may_send["target"]
}

resource "aws_sqs_queue" "dead" {
  name   = "dead"
  policy = local.may_send["dead"]
}

resource "aws_cloudwatch_log_group" "events" {
  name              = "/aws/events/calls"
  retention_in_days = 7
  tags              = { team = "cx" }
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name = "calls"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.events.arn}:*"
    }]
  })
}

resource "aws_cloudwatch_event_target" "each" {
  for_each       = { queue = aws_sqs_queue.target.arn, logs = aws_cloudwatch_log_group.events.arn }
  target_id      = each.key
  arn            = each.value
  rule           = aws_cloudwatch_event_rule.calls.name
  event_bus_name = aws_cloudwatch_event_bus.partner.name
  dead_letter_config { arn = aws_sqs_queue.dead.arn }
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }
}
"""


@pytest.mark.sandbox
def test_the_real_provider_is_content(start_terraform: Callable[..., Any], connect: Any, source: str) -> None:
    """Apply, then nothing left to change; an event reaches both targets; destroy leaves nothing."""
    terraform = start_terraform(MAIN_TF, event_source_name=source)
    terraform("apply", "-input=false", "-auto-approve")
    terraform("plan", "-input=false", "-detailed-exitcode", expected=0)

    entry = {"Source": source, "DetailType": "t", "Detail": '{"n": 1}'}
    connect("events", PARTNER).put_partner_events(Entries=[entry])
    url = connect("sqs").get_queue_url(QueueName="target")["QueueUrl"]
    assert len(connect("sqs").receive_message(QueueUrl=url)["Messages"]) == 1
    assert len(connect("logs").filter_log_events(logGroupName="/aws/events/calls")["events"]) == 1

    terraform("destroy", "-input=false", "-auto-approve")
    assert [bus["Name"] for bus in connect("events").list_event_buses()["EventBuses"]] == ["default"]
    assert connect("sqs").list_queues().get("QueueUrls", []) == []
    assert connect("logs").describe_log_groups()["logGroups"] == []
    assert connect("logs").describe_resource_policies()["resourcePolicies"] == []
    assert connect("events").describe_event_source(Name=source)["State"] == "PENDING"
    assert connect("events").list_rules(EventBusName=source)["Rules"] == []
