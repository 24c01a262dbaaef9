"""`integration_module: remote`: the vendor's module, cloned by Terraform, instead of the bundled one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from loop_workspace import BUS_ONLY, NOTHING, changes

import gcbridge

pytestmark = pytest.mark.sandbox

TEMPLATES = Path(gcbridge.__file__).parents[2] / "templates"
VENDOR = "https://github.com/GenesysCloudDevOps/aws-event-bridge-module.git"
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
  intended_state   = "ENABLED"
  config {
    name = var.integration_name
    properties = jsonencode({
      eventSourceSuffix = var.event_source_suffix
      eventFilter       = var.topic_filters
      awsAccountId      = var.aws_account_id
      awsAccountRegion  = var.aws_account_region
    })
  }
}

output "id" {
  value = genesyscloud_integration.AwsEventBridgeIntegration.id
}
"""


def make_vendor_repository(folder):
    """A git repository that looks to its callers like the vendor's; returns its only commit."""
    folder.mkdir()
    (folder / "main.tf").write_text(VENDOR_SHAPE)
    git = ["git", "-C", str(folder), "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "--no-gpg-sign", "-m", "module"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return head.stdout.strip()


def pin(workspace, commit):
    """A template of the workspace with another pin: nobody can make a commit with the vendor's own digest."""
    override = workspace.root / "templates" / "genesys"
    shutil.copytree(TEMPLATES / "genesys", override)
    main = override / "main.tf.j2"
    text, count = re.subn(r"\?ref=[0-9a-f]{40}", f"?ref={commit}", main.read_text())
    assert count == 1, "the vendor's module is not pinned by commit"
    main.write_text(text)


def test_the_vendors_module_makes_the_integration(workspace, tmp_path):
    """Terraform clones the vendor's address, which git is told to find on this machine; the bridge works with it."""
    pin(workspace, make_vendor_repository(tmp_path / "vendor"))
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/vendor.insteadOf",
        "GIT_CONFIG_VALUE_0": VENDOR,
    }
    workspace.environ = {**workspace.environ, **git}
    workspace.write(BUS_ONLY + "integration_module: remote\n")
    bundle = workspace.plan()
    assert changes(bundle, "genesys") == [
        "create module.integration.genesyscloud_integration.AwsEventBridgeIntegration"
    ]
    applied = workspace.ok("apply", "loop", "--json").data
    (integration,) = workspace.genesys("GET", "/api/v2/integrations")["entities"]
    assert integration["id"] == applied["outputs"]["genesys"]["integration_id"]
    assert "verdict: passed" in workspace.ok("verify", "loop").said
    workspace.ok("destroy", "loop", "--auto-approve")
    assert workspace.left() == NOTHING
