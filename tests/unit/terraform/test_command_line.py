"""Command lines are built by python_terraform's rules and run by nothing of it."""

import python_terraform

from gcbridge.terraform import TerraformBinary
from gcbridge.terraform.runner import build_command_line

FLAG = python_terraform.IsFlagged


def test_options_become_flags(tmp_path):
    """Names, booleans, flags, paths and left-out options."""
    binary = TerraformBinary(("/bin/terraform",), "1.11.4", "terraform", "linux_amd64")
    options = {"input": False, "detailed_exitcode": FLAG, "destroy": None, "out": tmp_path / "a plan"}

    assert build_command_line(binary, "plan", ("last",), options) == [
        "/bin/terraform",
        "plan",
        "-input=false",
        "-detailed-exitcode",
        f"-out={tmp_path / 'a plan'}",
        "last",
    ]


def test_embedded_terraform_keeps_its_own_arguments_first():
    """An interpreter and a module stand before Terraform's command."""
    binary = TerraformBinary(
        ("python", "-m", "gcbridge.terraform.embedded"), "1.15.5", "terraform", "linux_amd64"
    )

    assert build_command_line(binary, "version", (), {"json": FLAG}) == [
        "python",
        "-m",
        "gcbridge.terraform.embedded",
        "version",
        "-json",
    ]
