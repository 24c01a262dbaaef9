"""The plugin process ends when it should and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gcbridge.sandbox.provider.server import MAGIC_COOKIE

from .small_genesys import SmallGenesys
from .test_terraform import BRIDGE, FILTER
from .workspace import Workspace

pytestmark = pytest.mark.sandbox


def wait_for(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def members(group: int) -> list[str]:
    """The commands of all living processes of a process group."""
    listing = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    return [row[2] for row in rows if int(row[0]) == group and not row[1].startswith("Z")]


def start_slow_apply(workspace: Workspace, genesys: SmallGenesys, scratch: Path) -> subprocess.Popen[str]:
    """An apply in a process group of its own that hangs in its first POST."""
    workspace.write(BRIDGE % FILTER)
    genesys.delay_next("POST /api/v2/integrations", seconds=3)
    process = subprocess.Popen(
        ["terraform", "apply", "-auto-approve", "-no-color", "-input=false"],
        cwd=workspace.folder,
        env={**workspace.environment, "TMPDIR": str(scratch)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert wait_for(lambda: "POST /api/v2/integrations" in genesys.requests)
    return process


def test_interrupted_create_is_finished_and_leaves_no_process(
    workspace: Workspace, genesys: SmallGenesys, tmp_path: Path
) -> None:
    """After Ctrl-C the create under way completes, its id is in the state, and no plugin is left."""
    process = start_slow_apply(workspace, genesys, tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert "Interrupt received" in output
    assert wait_for(lambda: not members(process.pid)), members(process.pid)
    assert list(tmp_path.iterdir()) == []
    assert len(genesys.integrations) == 1
    assert workspace.resource("genesyscloud_integration.bridge")["values"]["id"] in genesys.integrations


def test_killed_terraform_takes_the_plugin_with_it(
    workspace: Workspace, genesys: SmallGenesys, tmp_path: Path
) -> None:
    """A plugin whose Terraform was killed ends by itself, in the middle of a slow answer too."""
    process = start_slow_apply(workspace, genesys, tmp_path)
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    assert process.stdout
    process.stdout.close()
    assert wait_for(lambda: not members(process.pid)), members(process.pid)
    assert wait_for(lambda: list(tmp_path.iterdir()) == [])
    (workspace.folder / ".terraform.tfstate.lock.info").unlink(missing_ok=True)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_plugin_ignores_interrupt_and_obeys_termination(ending: signal.Signals, tmp_path: Path) -> None:
    """SIGINT is Terraform's business; SIGTERM and SIGHUP end the plugin and remove its socket."""
    environment = {MAGIC_COOKIE[0]: MAGIC_COOKIE[1], "TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "gcbridge.sandbox.provider"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("1|6|unix|")
        (folder,) = tmp_path.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(ending)
        assert process.wait(5) == 0
    assert list(tmp_path.iterdir()) == []


def test_plugin_explains_itself_to_a_person() -> None:
    """Started by hand it says what it is instead of waiting."""
    command = [sys.executable, "-m", "gcbridge.sandbox.provider"]
    result = subprocess.run(command, env={}, capture_output=True, text=True, timeout=20, check=False)
    assert result.returncode == 1
    assert "Terraform starts it" in result.stderr


def test_plugin_imports_without_a_warning() -> None:
    """Making the message classes stays quiet even when warnings are errors."""
    command = [sys.executable, "-W", "error", "-m", "gcbridge.sandbox.provider"]
    result = subprocess.run(command, env={}, capture_output=True, text=True, timeout=20, check=False)
    assert "Terraform starts it" in result.stderr, result.stderr
