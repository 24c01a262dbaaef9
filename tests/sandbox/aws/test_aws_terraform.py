"""The real Terraform with the real AWS provider: apply, a plan without changes, delivery, destroy."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

PARTNER = "999988887777"
CUSTOMER = "123456789012"
MIRROR_ROOTS = ("/opt", "/usr/share", "/usr/local/share")
AWS_PROVIDER = "registry.terraform.io/hashicorp/aws"

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


@pytest.fixture(scope="session")
def provider_mirror() -> Path | None:
    """A folder that holds the AWS provider unpacked, or None: then the registry has to be in reach."""
    named = os.environ.get("GCBRIDGE_PROVIDER_MIRROR")
    candidates = [Path(named)] if named else [p for root in MIRROR_ROOTS for p in Path(root).glob("*")]
    return next((folder for folder in candidates if (folder / AWS_PROVIDER).is_dir()), None)


@pytest.fixture
def terraform_environment(aws: Any, provider_mirror: Path | None, tmp_path: Path) -> dict[str, str]:
    """All that the child process gets: no variable of the caller but PATH and HOME."""
    mirror = f'filesystem_mirror {{\n  path = "{provider_mirror}"\n}}' if provider_mirror else ""
    direct = f'direct {{\n  exclude = ["{AWS_PROVIDER}"]\n}}' if provider_mirror else "direct {}"
    configuration = tmp_path / "cli.tfrc"
    configuration.write_text(f"provider_installation {{\n{mirror}\n{direct}\n}}\n")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TF_CLI_CONFIG_FILE": str(configuration),
        "TF_IN_AUTOMATION": "1",
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": CUSTOMER,
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "3",
    }


class Terraform:
    """Runs terraform in one folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def __call__(self, *arguments: str, expected: int = 0) -> None:
        """Run one command; any exit code but ``expected`` fails the test with terraform's output."""
        command = ["terraform", arguments[0], "-no-color", *arguments[1:]]
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == expected, done.stdout + done.stderr


@pytest.fixture
def terraform(terraform_environment: dict[str, str], source: str, tmp_path: Path) -> Terraform:
    """Terraform in a folder with ``MAIN_TF``, initialised."""
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "main.tf").write_text(MAIN_TF)
    (folder / "terraform.tfvars.json").write_text(json.dumps({"event_source_name": source}))
    run = Terraform(folder, terraform_environment)
    run("init", "-input=false")
    return run


@pytest.mark.sandbox
def test_the_real_provider_is_content(terraform: Terraform, connect: Any, source: str) -> None:
    """Apply, then nothing left to change; an event reaches both targets; destroy leaves nothing."""
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
