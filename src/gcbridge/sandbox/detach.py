"""Starts a command as a daemon: ``python detach.py PID_FILE LOG_FILE COMMAND...``.

It runs as a short-lived process of its own, so that the daemon belongs to nobody: no signal of the terminal
reaches it, no parent has to wait for it, and its pid is on disk before anyone could be interrupted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main(pid_file: Path, log_file: Path, command: list[str]) -> None:
    """Writes the daemon's pid to `pid_file` and appends its output to `log_file`."""
    with log_file.open("ab") as log:
        # A shell may start background jobs with SIGINT ignored; `restore_signals` and a new session do not
        # change that, but the servers install their own handlers.
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, close_fds=True
        )
    temporary = pid_file.with_suffix(".new")
    temporary.write_text(f"{daemon.pid}\n", encoding="ascii")
    temporary.replace(pid_file)
    # Leave without waiting for the daemon, which is what Popen's destructor would complain about.
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
