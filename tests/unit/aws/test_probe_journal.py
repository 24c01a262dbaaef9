"""The journal knows every probe that may still exist."""

import os
import platform
import subprocess
import sys
from datetime import datetime, timezone

import pytest

from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.probe_names import ProbeNames


@pytest.fixture
def journal(tmp_path):
    return ProbeJournal(tmp_path / "probes")


def names(run_id="a1", **changes):
    facts = {
        "run_id": run_id,
        "environment": "dev",
        "account_id": "123456789012",
        "region": "eu-central-1",
        "event_bus_name": "bus",
        "rule_name": f"gcbridge-probe-{run_id}",
        "queue_name": f"gcbridge-probe-dev-{run_id}",
        "created_at": datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc),
        "host": platform.node(),
        "pid": os.getpid(),
    }
    return ProbeNames(**{**facts, **changes})


def test_round_trip(journal):
    """What was written is read back until it is removed."""
    journal.write(names("a1"))
    journal.write(names("b2"))
    assert list(journal.entries()) == [names("a1"), names("b2")]

    journal.remove("a1")
    journal.remove("a1")

    assert list(journal.entries()) == [names("b2")]


def test_no_folder(journal):
    """A journal that was never written is empty."""
    assert list(journal.entries()) == []


def test_foreign_files(journal):
    """Half a file, and a file of somebody else, are left alone."""
    journal.write(names("a1"))
    (journal.folder / "half.json").write_text('{"run_id": "c3"')
    (journal.folder / "notes.txt").write_text("not ours")

    assert list(journal.entries()) == [names("a1")]
    assert (journal.folder / "half.json").exists()


def test_abandoned():
    """A probe is abandoned when its process is gone, which only its own machine can tell."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert names(pid=child.pid).is_abandoned
    assert not names().is_abandoned
    assert not names(pid=child.pid, host="elsewhere").is_abandoned


def test_tags():
    """The creation time is tagged in UTC, to the second."""
    assert names().tags == {"gcbridge:probe": "dev", "gcbridge:created": "2026-11-23T12:00:00+00:00"}
