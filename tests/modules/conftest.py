"""The real Terraform, in folders of its own, with the real AWS provider and the stand-in for Genesys Cloud's."""

import shutil
import sys

import pytest

from gcbridge.sandbox.provider.install import install_stand_in

from .terraform import MODULES, Terraform, find_mirror, write_cli_configuration

REQUIREMENTS = """\
terraform {
  required_providers {
    aws          = { source = "hashicorp/aws" }
    genesyscloud = { source = "mypurecloud/genesyscloud" }
  }
}
"""


@pytest.fixture(scope="session")
def terraform(tmp_path_factory):
    """The binary on PATH, configured with both providers."""
    if shutil.which("terraform") is None:
        pytest.skip("no terraform on PATH")
    home = tmp_path_factory.mktemp("terraform")
    install_stand_in(home / "stand-in", sys.executable)
    aws = find_mirror()
    mirrors = {"mypurecloud/genesyscloud": home / "stand-in", **({"hashicorp/aws": aws} if aws else {})}
    write_cli_configuration(home / "terraform.rc", mirrors)
    return Terraform(home)


@pytest.fixture(scope="session")
def module_copies(terraform):
    """A copy of modules/ in which one `terraform init` has served every module."""
    copies, root = terraform.home / "modules", terraform.home / "root"
    shutil.copytree(MODULES, copies)
    root.mkdir()
    (root / "main.tf").write_text(REQUIREMENTS)
    terraform.run(root, "init", data=terraform.home / "data")
    for module in copies.iterdir():
        shutil.copy(root / ".terraform.lock.hcl", module)
    return copies
