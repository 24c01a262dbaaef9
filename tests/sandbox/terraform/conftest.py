"""Stacks of `terraform_data`, which is built into Terraform: no provider, no network."""

import os

import pytest

from gcbridge.terraform import (
    ProviderSearch,
    Terraform,
    child_environment,
    find_terraform,
    write_cli_configuration,
)


@pytest.fixture(scope="session")
def binary():
    """The Terraform of this machine."""
    return find_terraform(None, os.environ)


@pytest.fixture
def make_terraform(binary, tmp_path):
    """Write a root module and make the object that runs it."""

    def make(text, *, name="stack", search=None, overrides=None, environ=None, **options):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "main.tf").write_text(text)
        search = search or ProviderSearch()
        child = child_environment(
            os.environ if environ is None else environ,
            cli_configuration=write_cli_configuration(tmp_path / "work", search),
            overrides=overrides or {},
        )
        return Terraform(binary, folder, child, providers=search, **options)

    return make


@pytest.fixture
def shell_pids(tmp_path):
    """File that a provisioner writes its process ids to, so that a test can look whether they are gone."""
    return tmp_path / "pids"
