"""One child process: its lines as they come, and an end that leaves nothing behind.

Three threads per child: two empty its pipes, one waits for it. Whatever happens reaches the caller's thread
through one mailbox, so callbacks run there, Ctrl-C is noticed there, and nothing polls.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Literal

_STDERR_LINES = 2000
_DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Grace:
    """How long a child may take to end, in seconds.

    Args:
        interrupt: after SIGINT; Terraform lets running operations end and writes its state.
        terminate: after SIGTERM, which Terraform takes as a second interrupt: it ends at once and may lose state.
    """

    interrupt: float = 120.0
    terminate: float = 10.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    Args:
        exit_code: negative: killed by that signal.
        stderr: its last lines.
        stopped: why it was asked to stop, if it was.
    """

    exit_code: int
    stderr: str
    stopped: Literal["", "cancelled", "timeout"] = ""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str


@dataclass(frozen=True, slots=True)
class _Exited:
    exit_code: int


class _Cancel:
    """Someone in another thread wants the child to stop."""


class Child:
    """A running command that can be cancelled from another thread."""

    def __init__(
        self, argv: Sequence[str], *, directory: Path, environ: Mapping[str, str], grace: Grace
    ) -> None:
        # Its own session: the terminal's Ctrl-C must not reach it beside the one SIGINT that is passed on.
        self._process = subprocess.Popen(
            list(argv),
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._mailbox: queue.SimpleQueue[_Line | _Exited | _Cancel] = queue.SimpleQueue()
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._steps = iter(
            ((signal.SIGINT, grace.interrupt), (signal.SIGTERM, grace.terminate), (signal.SIGKILL, None))
        )
        self._deadline: float | None = None
        self._stopped: Literal["", "cancelled", "timeout"] = ""
        self._failure: BaseException | None = None
        Thread(target=self._wait, daemon=True).start()

    def cancel(self) -> None:
        """Ask the child to stop: SIGINT once, then time to end. Callable from any thread, any number of times."""
        self._mailbox.put(_Cancel())

    def run(self, on_line: Callable[[str], None], *, timeout: float | None) -> Ended:
        """Hand over each line of standard output until the child has ended.

        Ctrl-C (KeyboardInterrupt in this thread) becomes one SIGINT to the child, which is waited for; a second
        Ctrl-C hurries it with SIGTERM, a third kills it. The KeyboardInterrupt is raised again at the end, and so
        is what `on_line` raised.

        Args:
            on_line: called in this thread.
            timeout: seconds until the child is asked to stop; None means never.
        """
        self._deadline = None if timeout is None else time.monotonic() + timeout
        try:
            exit_code = self._attend(on_line)
        finally:
            if self._is_stopping or self._process.returncode is None:
                self._kill_group()
        if self._failure is not None:
            raise self._failure
        return Ended(exit_code, "".join(self._stderr), self._stopped)

    def _attend(self, on_line: Callable[[str], None]) -> int:
        exit_code: int | None = None
        while exit_code is None:
            exit_code = self._take_item(on_line)
        return exit_code

    def _take_item(self, on_line: Callable[[str], None]) -> int | None:
        """Wait for one thing to happen; the exit code is the last."""
        try:
            item = self._mailbox.get(timeout=self._seconds_left())
            if isinstance(item, _Exited):
                return item.exit_code
            if isinstance(item, _Line):
                self._hand_over(item.text, on_line)
            elif not self._is_stopping:
                self._stop("cancelled")
        except queue.Empty:
            self._stop("timeout")
        except KeyboardInterrupt as interrupt:
            self._failure = interrupt
            self._stop("cancelled")
        return None

    @property
    def _is_stopping(self) -> bool:
        return bool(self._stopped)

    def _seconds_left(self) -> float | None:
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def _hand_over(self, line: str, on_line: Callable[[str], None]) -> None:
        if self._failure is not None and not isinstance(self._failure, KeyboardInterrupt):
            return
        try:
            on_line(line)
        except KeyboardInterrupt:
            raise
        except BaseException as failure:  # noqa: BLE001 - raised again once the child has ended
            # SystemExit included: a child that is not asked to stop would be killed, and its state lost.
            self._failure = failure
            self._stop("cancelled")

    def _stop(self, reason: Literal["cancelled", "timeout"]) -> None:
        """Take the next step towards the end; the deadline for the step after it starts now."""
        self._stopped = self._stopped or reason
        number, seconds = next(self._steps, (signal.SIGKILL, None))
        self._deadline = None if seconds is None else time.monotonic() + seconds
        if number == signal.SIGKILL:
            self._kill_group()
        else:
            self._process.send_signal(number)

    def _kill_group(self) -> None:
        """Terraform dies without its providers and provisioners, so the whole session is swept."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _wait(self) -> None:
        readers = [
            Thread(target=self._read_stdout, daemon=True),
            Thread(target=self._read_stderr, daemon=True),
        ]
        for reader in readers:
            reader.start()
        exit_code = self._process.wait()
        for reader in readers:
            reader.join(_DRAIN_SECONDS)
        self._mailbox.put(_Exited(exit_code))

    def _read_stdout(self) -> None:
        with _pipe(self._process.stdout) as stream:
            for line in stream:
                self._mailbox.put(_Line(line))

    def _read_stderr(self) -> None:
        with _pipe(self._process.stderr) as stream:
            self._stderr.extend(stream)


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise ValueError("the child was started without pipes")
    return stream
