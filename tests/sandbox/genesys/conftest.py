"""A fresh organization for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from genesys_organization import Organization, RecordingPartner, run_organization


@pytest.fixture
def partner() -> RecordingPartner:
    """What the organization asks of AWS."""
    return RecordingPartner()


@pytest.fixture
def organization(tmp_path: Path, partner: RecordingPartner) -> Iterator[Organization]:
    """A running organization without integrations."""
    with run_organization(tmp_path, partner) as running:
        yield running
