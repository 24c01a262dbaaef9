"""Workspaces with sandboxes of their own, stopped at the end."""

import pytest
from loop_workspace import LoopWorkspace


@pytest.fixture
def workspace(tmp_path):
    """A workspace of this test alone; its two clouds run and are empty."""
    made = LoopWorkspace.open(tmp_path / "workspace")
    yield made
    made.close()
