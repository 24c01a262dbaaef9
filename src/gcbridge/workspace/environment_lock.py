"""One command at a time works in an environment's folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from gcbridge.errors import RefusedError
from gcbridge.workspace.layout import Workspace


@contextmanager
def environment_lock(workspace: Workspace, environment: str, command: str) -> Iterator[None]:
    """Nobody else renders, plans, applies or verifies this environment here while the block lasts.

    The lock ends with the process, however that ends, so it never has to be broken by hand. It guards the folder
    of this workspace; the state is guarded by Terraform's own lock.

    Args:
        workspace: where the environment is.
        environment: its name.
        command: what is being done, for whoever comes second.

    Raises:
        RefusedError: another command holds the lock; nothing was touched.
    """
    path = workspace.work_folder(environment) / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RefusedError(
                f"another command works on environment {environment} at this moment: {file.read().strip()}",
                where=workspace.shown(path),
                hint=f"wait until it has ended, then type again: gcbridge {command} {environment}",
            ) from None
        file.truncate(0)
        file.write(f"gcbridge {command}, process {os.getpid()}\n")
        file.flush()
        yield
