"""A folder with a Terraform configuration, and the real terraform in it with an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .small_genesys import CLIENT_ID, CLIENT_SECRET

PROVIDER = """
terraform {
  required_providers {
    genesyscloud = {
      source  = "mypurecloud/genesyscloud"
      version = "1.84.1"
    }
  }
}

provider "genesyscloud" {
  gateway {
    host     = "127.0.0.1"
    port     = "%d"
    protocol = "http"
  }
}
"""


@dataclass
class Workspace:
    """One initialized folder that all tests of a module share; each test writes its own main.tf."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def create(cls, folder: Path, mirror: Path, port: int) -> Workspace:
        """Write the CLI configuration that offers the mirror and nothing else."""
        rules = folder / "terraform.rc"
        rules.write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
        )
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TF_CLI_CONFIG_FILE": str(rules),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "GENESYSCLOUD_OAUTHCLIENT_ID": CLIENT_ID,
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": CLIENT_SECRET,
        }
        (folder / "work").mkdir()
        workspace = cls(folder / "work", port, environment)
        workspace.write("")
        return workspace

    def write(self, hcl: str, provider: str | None = None) -> None:
        """Replace the whole configuration."""
        (self.folder / "provider.tf").write_text(PROVIDER % self.port if provider is None else provider)
        (self.folder / "main.tf").write_text(hcl)

    def forget(self) -> None:
        """Drop the state, as if nothing had ever been applied."""
        for name in ("terraform.tfstate", "terraform.tfstate.backup", "saved.plan"):
            (self.folder / name).unlink(missing_ok=True)

    def run(self, *arguments: str, code: int = 0, environment: Mapping[str, str] | None = None) -> str:
        """Everything terraform printed; the test fails when it ends with another exit code."""
        result = subprocess.run(
            ["timeout", "-k", "2", "60", "terraform", *arguments],
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == code, (
            f"terraform {' '.join(arguments)}: {result.returncode}\n{result.stdout}"
        )
        return result.stdout

    def apply(self, code: int = 0) -> str:
        """Plan and apply in one go."""
        return self.run("apply", "-auto-approve", "-no-color", "-input=false", code=code)

    def plan(self, code: int) -> str:
        """A plan with its detailed exit code: 0 nothing to do, 1 failed, 2 changes."""
        return self.run("plan", "-detailed-exitcode", "-no-color", "-input=false", code=code)

    def resource(self, address: str) -> dict[str, Any]:
        """One resource of the state: its "values", and "tainted" when it is."""
        resources = json.loads(self.run("show", "-json"))["values"]["root_module"]["resources"]
        found: dict[str, Any] = next(resource for resource in resources if resource["address"] == address)
        return found
