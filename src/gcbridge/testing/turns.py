"""Tests that change the same organization take turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from gcbridge.errors import RefusedError
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.layout import Workspace

LOCK_SECONDS = 600.0
"""How long a test waits for another one, or another command, that changes the same organization."""


@contextmanager
def waiting_lock(
    workspace: Workspace,
    environment: str,
    *,
    seconds: float = LOCK_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Nobody else changes this environment's organization from here; whoever comes second waits.

    Args:
        workspace: where the environment is.
        environment: its name.
        seconds: how long to wait.
        sleep: what waits.

    Raises:
        RefusedError: somebody else did not end in time.
    """
    deadline = time.monotonic() + seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(environment_lock(workspace, environment, "verify"))
                break
            except RefusedError:
                if time.monotonic() >= deadline:
                    raise
                sleep(0.1)
        yield


class Turn:
    """Whoever has the turn may ask for it again, and has it until the last block ends.

    Args:
        workspace: where the environment is.
        environment: its name.
    """

    def __init__(self, workspace: Workspace, environment: str) -> None:
        self._workspace = workspace
        self._environment = environment
        self._blocks = 0
        self._lock = ExitStack()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """It is this process's turn while the block lasts.

        Raises:
            RefusedError: somebody else did not end in time.
        """
        if self._blocks == 0:
            self._lock.enter_context(waiting_lock(self._workspace, self._environment))
        self._blocks += 1
        try:
            yield
        finally:
            self._blocks -= 1
            if self._blocks == 0:
                self._lock.close()
