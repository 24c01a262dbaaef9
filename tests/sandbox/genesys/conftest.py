"""A fresh organization for each test."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import (
    CLIENT_ID,
    CLIENT_SECRET,
    Organization,
    RecordingPartner,
    run_organization,
)


@pytest.fixture
def partner() -> RecordingPartner:
    """What the organization asks of AWS."""
    return RecordingPartner()


@pytest.fixture
def organization(tmp_path: Path, partner: RecordingPartner) -> Iterator[Organization]:
    """A running organization without integrations."""
    with run_organization(tmp_path, partner) as running:
        yield running


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The SDK, imported with an empty home folder: at import it begins to watch files there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield importlib.import_module("PureCloudPlatformClientV2")


@pytest.fixture
def client(sdk: Any, organization: Organization) -> Any:
    """An ApiClient with a token."""
    api_client = sdk.ApiClient(host=organization.url)
    return api_client.get_client_credentials_token(CLIENT_ID, CLIENT_SECRET)
