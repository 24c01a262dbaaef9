"""`gcbridge sandbox faults`: the switches from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from genesys_organization import Organization
from typer.testing import CliRunner, Result

from gcbridge.cli.app import app
from gcbridge.sandbox.state import SandboxState, ServerState, write_state

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, organization: Organization, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in a workspace whose sandbox is this organization."""
    folder = tmp_path / ".gcbridge" / "_sandbox"
    folder.mkdir(parents=True)
    server = ServerState(pid=None, port=organization.port, url=organization.url, log=folder / "log")
    state = SandboxState(
        folder=folder,
        aws=server,
        genesys=server,
        account_id="123456789012",
        org_id="unused",
        started_at="2026-01-01T00:00:00+00:00",
        provider_mirror=folder,
    )
    write_state(state)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["sandbox", "faults", *arguments])


def test_switches_are_set_shown_and_cleared(run: Run, organization: Organization) -> None:
    """Values are read as JSON, else as text."""
    assert run().output == "no fault is set\n"
    shown = run("--set", "lose_eventbridge_percent=5", "--set", 'deny_topics=["v2.users.*"]').output
    assert [line.split() for line in shown.splitlines()] == [
        ["lose_eventbridge_percent", "5.0"],
        ["deny_topics", "['v2.users.*']"],
    ]
    assert organization.get("/_sandbox/faults")["lose_eventbridge_percent"] == 5
    assert run("--clear").output == "no fault is set\n"
    assert organization.get("/_sandbox/faults")["lose_eventbridge_percent"] == 0


def test_clear_comes_before_set(run: Run) -> None:
    """So one command says all that shall be."""
    run("--set", "stop_heartbeats=true")
    assert run("--clear", "--set", "mute_sockets=true").output.split() == ["mute_sockets", "True"]


def test_json_has_every_switch_and_what_was_struck(run: Run) -> None:
    """The same model that Python gets."""
    document = json.loads(run("--json").stdout)
    assert document["switches"]["refuse_sockets"] is False
    assert document["struck"]["lost_eventbridge"] == 0


def test_a_misspelt_switch_is_refused(run: Run) -> None:
    """The message names it."""
    result = run("--set", "loose_eventbridge_percent=5")
    assert result.exit_code == 1
    assert "loose_eventbridge_percent" in result.output
