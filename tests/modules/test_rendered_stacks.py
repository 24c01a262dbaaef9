"""What is rendered is accepted by the real Terraform and the providers' schemas."""

import json
import random
import subprocess
import unicodedata
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.hcl import hcl_literal
from gcbridge.study.render import render
from gcbridge.study.resolve import resolve
from gcbridge.workspace.assets import read_render_sources

from .terraform import REPOSITORY

pytestmark = pytest.mark.sandbox

VENDOR_URL = "https://github.com/GenesysCloudDevOps/aws-event-bridge-module.git?ref="
VENDOR_SHAPE = """\
terraform {
  required_providers {
    genesyscloud = {
      source = "mypurecloud/genesyscloud"
    }
  }
}

variable "integration_name" { type = string }
variable "event_source_suffix" { type = string }
variable "topic_filters" { type = list(string) }
variable "aws_account_id" { type = string }
variable "aws_account_region" { type = string }

resource "genesyscloud_integration" "AwsEventBridgeIntegration" {
  integration_type = "amazon-eventbridge-source"
  config {
    name = join(" ", concat(
      [var.integration_name, var.event_source_suffix, var.aws_account_id, var.aws_account_region],
      var.topic_filters,
    ))
  }
}

output "id" {
  value = genesyscloud_integration.AwsEventBridgeIntegration.id
}
"""


def render_case(case):
    """A golden case's environment, rendered."""
    path = REPOSITORY / "tests" / "golden" / case / "environment.yaml"
    written = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    bridge = resolve(case, EnvironmentSpec.model_validate(written))
    flows = {flow.name: "workflow:\n  name: Golden\n" for flow in bridge.flows}
    return render(bridge, replace(read_render_sources(), flows=flows))


def write_files(folder, stack, vendor_source=""):
    """A root module on disk; the vendor's address is exchanged for one that needs no internet."""
    for name, text in stack.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.splitlines(keepends=True)
        local = (f'  source = "{vendor_source}"\n' if VENDOR_URL in line else line for line in lines)
        path.write_text("".join(local), encoding="utf-8")


def make_vendor_repository(folder):
    """A git repository that looks to its callers like the vendor's, and the address of its only commit."""
    folder.mkdir()
    (folder / "main.tf").write_text(VENDOR_SHAPE)
    git = ["git", "-C", str(folder), "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "--no-gpg-sign", "-m", "module"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    commit = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    return f"git::file://{folder}?ref={commit}"


@pytest.mark.parametrize("case", ["complete", "hostile", "triggers"])
@pytest.mark.parametrize("stack", ["genesys", "aws"])
def test_stack_is_valid(case, stack, terraform, tmp_path):
    """Init finds every module and provider, and validate finds nothing wrong."""
    root = tmp_path / "root"
    vendor = make_vendor_repository(tmp_path / "vendor") if (case, stack) == ("complete", "genesys") else ""
    write_files(root, getattr(render_case(case), stack), vendor)
    terraform.run(root, "init", "-backend=false")
    assert json.loads(terraform.run(root, "validate", "-json"))["diagnostics"] == []


def test_terraform_reads_every_text_as_it_was_written(terraform, tmp_path):
    """Terraform itself is the last judge of what a literal means; it keeps strings in normal form C."""
    chance = random.Random(20)
    letters = '${}%~"\\\n\r\t\0 #/*<EOTif\u202e\u2028é日🦊\U000e0001e\u0301'
    texts = ["$", "%", "$${", "%%{", "$$${x}", "${", "%{ if true }", "<<EOT\nx\nEOT\n", "\0", "ends with \\"]
    texts += ["".join(chance.choices(letters, k=chance.randint(1, 24))) for _ in range(400)]
    (tmp_path / "main.tf").write_text(
        f'output "texts" {{\n  value = {hcl_literal(texts, 2)}\n}}\n\n'
        f'output "keys" {{\n  value = {hcl_literal(dict.fromkeys(texts, 1), 2)}\n}}\n',
        encoding="utf-8",
    )
    assert terraform.run(tmp_path, "fmt", "-check", "-diff") == ""
    terraform.run(tmp_path, "apply", "-auto-approve")
    outputs = json.loads(terraform.run(tmp_path, "output", "-json"))
    normal = [unicodedata.normalize("NFC", text) for text in texts]
    assert outputs["texts"]["value"] == normal
    assert sorted(outputs["keys"]["value"]) == sorted(set(normal))
