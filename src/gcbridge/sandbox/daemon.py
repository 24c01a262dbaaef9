"""A background server process that is found again by its pid file and told apart from strangers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from gcbridge.sandbox import detach
from gcbridge.sandbox.errors import SandboxError
from gcbridge.sandbox.loopback import find_free_port

_LOG_TAIL_LINES = 20
_POLL_SECONDS = 0.05
_TERM_SECONDS = 10.0
_KILL_SECONDS = 5.0
_EXEC_SECONDS = 1.0


@dataclass(frozen=True)
class Daemon:
    """One server: `marker` is a word of its command line (its state folder) that no stranger's has."""

    name: str
    marker: str
    folder: Path

    @property
    def log_file(self) -> Path:
        """Where its output goes."""
        return self.folder / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """Where its pid stands from the moment it was started."""
        return self.folder / f"{self.name}.pid"

    def pid(self) -> int | None:
        """The pid while our process runs; None when it ended or the number went to someone else."""
        try:
            recorded = int(self.pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return recorded if self.marker in command_line(recorded) else None

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Starts it in a session of its own and returns its pid."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        launcher = [sys.executable, str(Path(detach.__file__)), str(self.pid_file), str(self.log_file)]
        answer = subprocess.run(
            [*launcher, *command],
            # Not in the workspace: `python -m` looks for modules in the current folder first.
            cwd=self.folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
        if answer.returncode != 0:
            raise SandboxError(
                f"The sandbox's {self.name} server could not be started.", answer.stderr.strip()
            )
        return int(self.pid_file.read_text(encoding="ascii"))

    def stop(self) -> bool:
        """SIGTERM, then SIGKILL for one that stays; True when there was something to stop."""
        pid = self.pid()
        if pid is not None:
            for number, patience in ((signal.SIGTERM, _TERM_SECONDS), (signal.SIGKILL, _KILL_SECONDS)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                if self._ends_within(patience):
                    break
        self.pid_file.unlink(missing_ok=True)
        return pid is not None

    def log_tail(self) -> str:
        """The last lines of its log."""
        try:
            lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-_LOG_TAIL_LINES:])

    def _ends_within(self, seconds: float) -> bool:
        waiting = Retrying(
            retry=retry_if_result(lambda pid: pid is not None),
            wait=wait_fixed(_POLL_SECONDS),
            stop=stop_after_delay(seconds),
        )
        try:
            waiting(self.pid)
        except RetryError:
            return False
        return True


def command_line(pid: int) -> str:
    """The command line of a process; empty when it does not run. Linux's /proc, else `ps` as on macOS."""
    if Path("/proc/self/cmdline").exists():
        return _proc_command_line(Path(f"/proc/{pid}"))
    answer = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout


def _proc_command_line(process: Path) -> str:
    """A process that is just being started has an empty command line for a moment (inside execve): look again."""
    looking = Retrying(
        retry=retry_if_result(lambda text: text == "" and not _has_ended(process)),
        wait=wait_fixed(_POLL_SECONDS / 10),
        stop=stop_after_delay(_EXEC_SECONDS),
        retry_error_callback=lambda _: "",
    )
    return str(looking(_read_command_line, process))


def _read_command_line(process: Path) -> str:
    try:
        return process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _has_ended(process: Path) -> bool:
    """Gone, or a zombie that nobody has waited for: its first thread has ended, and so have all the others.

    The threads of a killed process end one by one. Its sockets stay open until the last one, which was up to
    30 ms after the first.
    """
    try:
        status = process.joinpath("stat").read_text(encoding="ascii", errors="replace")
        threads = len(list(process.joinpath("task").iterdir()))
    except OSError:
        return True
    # The state is the first field behind the name, which is in brackets and may hold anything.
    return status.rpartition(")")[2].split()[0] in {"Z", "X"} and threads <= 1


def choose_port(recorded: int | None) -> int:
    """The recorded port if nobody listens there now, else a free one."""
    return recorded if recorded is not None and _is_free(recorded) else find_free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
