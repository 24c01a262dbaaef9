"""Tests that share something expensive (an apply, a server, an initialized folder) run in one worker."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Group by folder where a folder shares fixtures, by file elsewhere; `pytest -n 3 --dist loadgroup` reads it."""
    for item in items:
        path = item.path.relative_to(HERE)
        group = path if path.parts[0] == "unit" or len(path.parts) < 3 else path.parent
        item.add_marker(pytest.mark.xdist_group(str(group)))
