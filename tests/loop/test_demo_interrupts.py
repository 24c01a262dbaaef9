"""Ctrl-C in `make demo`: whatever it was doing, nothing keeps running."""

import shutil
import signal
import subprocess
import sys
import time
from os import killpg
from pathlib import Path

import pytest
from loop_workspace import processes_below, wait_until
from typed_commands import Running

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def demo(tmp_path):
    """The demo at work, in a checkout that holds what it needs."""
    for part in ("scripts/demo.py", "environments/sandbox.yaml"):
        (tmp_path / part).parent.mkdir()
        shutil.copy(ROOT / part, tmp_path / part)
    running = Running(
        subprocess.Popen(
            [sys.executable, str(tmp_path / "scripts" / "demo.py")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    )
    running.workspace = tmp_path / ".demo"
    yield running
    if running.process.poll() is None:
        killpg(running.process.pid, signal.SIGKILL)


def has_begun(demo, command):
    """The demo has typed this command, and its own code is being loaded: before that, Ctrl-C is Python's matter."""
    pids = [pid for pid, line in processes_below(demo.workspace).items() if f"gcbridge {command}" in line]
    return any("pydantic_core" in loaded_libraries(pid) for pid in pids)


def loaded_libraries(pid):
    """The memory map of a process, nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""


@pytest.mark.parametrize(
    ("command", "heard", "times"),
    [
        ("sandbox up", "", 1),
        ("plan sandbox", "", 2),
        ("apply sandbox", "aws: module.event_bus", 1),
    ],
)
def test_ctrl_c_stops_what_the_demo_started(demo, command, heard, times):
    """Everybody in the foreground hears of it, as under a terminal; the verdict says what happened."""
    wait_until(lambda: has_begun(demo, command), 120)
    if heard:
        demo.wait_for(heard)
    for _ in range(times):
        killpg(demo.process.pid, signal.SIGINT)
        time.sleep(0.3)
    done = demo.end(120)
    assert done.exit_code == 130, done.said
    assert "Traceback" not in done.said, done.stderr
    assert done.stdout.endswith("verdict: interrupted\n")
    assert processes_below(demo.workspace) == {}
