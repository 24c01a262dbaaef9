"""One emulated organization, one mirror with the stand-in and one initialized folder for all tests here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gcbridge.sandbox.provider.install import install_stand_in

from .small_genesys import SmallGenesys, serving
from .workspace import Workspace


@pytest.fixture(scope="session")
def organization() -> Iterator[SmallGenesys]:
    """The emulated organization, running for the whole session."""
    with serving() as genesys:
        yield genesys


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filesystem mirror that offers only the stand-in."""
    folder = tmp_path_factory.mktemp("mirror")
    install_stand_in(folder, sys.executable)
    return folder


@pytest.fixture(scope="session")
def initialized(
    tmp_path_factory: pytest.TempPathFactory, mirror: Path, organization: SmallGenesys
) -> Workspace:
    """A folder after `terraform init`."""
    workspace = Workspace.create(tmp_path_factory.mktemp("workspace"), mirror, organization.port)
    workspace.run("init", "-no-color", "-input=false")
    return workspace


@pytest.fixture
def genesys(organization: SmallGenesys) -> SmallGenesys:
    """The organization, empty."""
    organization.clear()
    return organization


@pytest.fixture
def workspace(initialized: Workspace) -> Workspace:
    """The initialized folder, without a state."""
    initialized.forget()
    return initialized
