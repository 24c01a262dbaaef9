"""An emulated AWS in a process of its own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from gcbridge.sandbox.loopback import find_free_port

HEALTH_PATH = "/_ministack/health"
RESET_PATH = "/_ministack/reset"
START_SECONDS = 20.0
STOP_SECONDS = 5.0


class StartError(RuntimeError):
    """The emulated AWS ended, or did not answer in time, after it was started."""


@dataclass(frozen=True)
class EmulatedAws:
    """A running emulated AWS and the process that serves it."""

    port: int
    state_dir: Path
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        """What goes into ``AWS_ENDPOINT_URL``. An IP address, since S3 would go to ``bucket.localhost``."""
        return f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        """Forget everything, in memory and on disk; milliseconds, where a restart takes a second."""
        request = urllib.request.Request(self.endpoint + RESET_PATH, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()

    def stop(self) -> int:
        """End the process in good order (its state is saved) and return its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End the process as a crash would: what was not yet saved is lost."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)


def check_health(aws: EmulatedAws) -> None:
    """Ask for the health page.

    Raises:
        OSError: no answer yet.
        StartError: the process has ended.
    """
    if aws.process.poll() is not None:
        raise StartError(f"the emulated AWS ended with exit code {aws.process.returncode}")
    with urllib.request.urlopen(aws.endpoint + HEALTH_PATH, timeout=2) as answer:
        json.load(answer)


def wait_until_healthy(aws: EmulatedAws, timeout: float = START_SECONDS) -> None:
    """Wait until it answers, ``timeout`` seconds at most.

    Raises:
        StartError: it ended, or did not answer.
    """
    retrying = Retrying(
        retry=retry_if_exception_type(OSError), stop=stop_after_delay(timeout), wait=wait_fixed(0.05)
    )
    try:
        retrying(check_health, aws)
    except RetryError as error:
        raise StartError(f"the emulated AWS did not answer at {aws.endpoint} in {timeout:.0f} s") from error


@contextlib.contextmanager
def run_emulated_aws(
    state_dir: Path, account_id: str = "123456789012", port: int = 0
) -> Iterator[EmulatedAws]:
    """An emulated AWS for the length of a ``with`` block; ``port`` 0 takes a free one.

    Its state is read from and kept in ``state_dir``; its log is ``state_dir/aws.log``.
    """
    port = port or find_free_port()
    state_dir.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gcbridge.sandbox.aws", "--port", str(port)]
    command += ["--state-dir", str(state_dir), "--account-id", account_id]
    with (state_dir / "aws.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    aws = EmulatedAws(port, state_dir, process)
    try:
        wait_until_healthy(aws)
        yield aws
    finally:
        if process.poll() is None:
            aws.stop()
