"""`gcbridge replay` as a person types it: what is printed, what is asked, and the exit codes."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from replay_bus import AUDITS, KEYS, open_bus, run_slow_aws

from gcbridge.workflows.replay import list_replays

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def slow_aws(tmp_path_factory):
    """One for all tests of this file; forty events take four seconds."""
    with run_slow_aws(tmp_path_factory.mktemp("typed"), events_per_second=10) as emulated:
        yield emulated


@pytest.fixture
def bus(slow_aws, tmp_path):
    """Forty events of a minute that has just passed."""
    slow_aws.reset()
    with open_bus(tmp_path, slow_aws) as opened:
        opened.create()
        opened.start -= timedelta(minutes=1)
        opened.send(AUDITS, *[0] * 40)
        yield opened


def start(bus, *words, **options):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "gcbridge", "-C", str(bus.rooms.workspace.root), "replay", "dev", *words]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, env={**os.environ, **KEYS, "COLUMNS": "200"}, text=True, **pipes)


def typed(bus, *words, **options):
    """Exit code, what was printed, and what was said."""
    with start(bus, *words, **options) as process:
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, out, err


def wait_until_running(bus, name):
    """AWS works on it."""
    deadline = time.monotonic() + 20
    while not any(
        (found.name, found.state) == (name, "RUNNING") for found in list_replays(bus.rooms, bus.environment)
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_complete(bus):
    """Warnings and progress are talk, the result is data."""
    code, out, err = typed(bus, "--from", "-1h", "--name", "again", "--settle", "0", "--yes", "--json")

    assert code == 0, err
    done = json.loads(out)
    assert (done["name"], done["state"], done["rules"]) == ("again", "COMPLETED", [])
    assert done["last_replayed"] >= done["window"]["start"]
    assert done["seconds"] >= 1
    for words in ("Order is not kept", "must be idempotent", "replay-name", "to every rule of the bus"):
        assert words in err


def test_list(bus):
    """A table for people, the same as JSON."""
    typed(bus, "--from", "-1h", "--name", "again", "--settle", "0", "--yes", "--no-wait")

    code, out, _ = typed(bus, "--list")
    assert (code, "again" in out) == (0, True)
    (found,) = json.loads(typed(bus, "--list", "--json")[1])
    assert found["name"] == "again"


def test_ctrl_c_cancel_resume(bus):
    """Ctrl-C leaves it running and says what to type; what was cancelled is gone on with."""
    bus.send(AUDITS, *[0] * 110)  # fifteen seconds in all: two commands start while the first replay runs
    with start(bus, "--from", "-1h", "--name", "again", "--settle", "0", "--yes") as process:
        try:
            wait_until_running(bus, "again")
        finally:
            process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (
        "stopped watching; AWS goes on with replay again" in err
        or "AWS has not said whether replay again was started" in err
    )
    assert "to cancel it:  gcbridge replay dev --cancel again" in err
    assert "type the same command again" not in err

    code, out, err = typed(bus, "--cancel", "again")
    assert code == 0, err
    assert "again is CANCELLED" in out
    assert "gcbridge replay dev --resume again" in out
    assert typed(bus, "--watch", "again")[0] == 1

    code, out, err = typed(bus, "--resume", "again", "--name", "rest", "--settle", "0", "--yes")
    assert (code, "rest" in out) == (0, True), err
    assert "may come twice" in err


def test_a_person_is_asked(bus):
    """In a terminal, and before anything is started."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, b"n\n")
        code, _, err = typed(bus, "--from", "-1h", "--settle", "0", stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)

    assert code == 4
    assert "Start this replay? [y/N]" in err
    assert "was not started" in err
    assert list_replays(bus.rooms, bus.environment) == ()


def test_failed(tmp_path):
    """The reason is AWS's own, the exit code is 1, and the rest can be replayed."""
    with run_slow_aws(tmp_path / "aws", events_per_second=10) as emulated:
        with open_bus(tmp_path / "workspace", emulated) as bus:
            bus.create()
            bus.start -= timedelta(minutes=1)
            bus.send(AUDITS, *[0] * 40)
            typed(bus, "--from", "-1h", "--name", "again", "--settle", "0", "--yes", "--no-wait")
            wait_until_running(bus, "again")
        emulated.stop()
    with run_slow_aws(tmp_path / "aws", port=emulated.port):
        code, out, _ = typed(bus, "--watch")
        assert code == 1
        assert "again is FAILED: The emulator was stopped" in out
        assert "gcbridge replay dev --resume again" in out
        assert typed(bus, "--resume", "--settle", "0", "--yes")[0] == 0
