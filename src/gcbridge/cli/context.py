"""What every command shares: the workspace, the process environment, and who watches."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from gcbridge.cli.progress import watching
from gcbridge.workflows.environment import Environment, load_environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace, find_workspace

EnvironmentName = Annotated[
    str, typer.Argument(metavar="ENV", help="Name of an environment: environments/ENV.yaml.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON, the same model that Python gets.")]


@dataclass(frozen=True)
class Session:
    """Options of the whole program.

    Args:
        workspace: where the environments are.
    """

    workspace: Workspace

    def environment(self, name: str, *, any_topic: bool = False) -> Environment:
        """Load an environment.

        Args:
            name: the environment.
            any_topic: for what works on a bridge that is there already, whatever became of its topics since.
        """
        return load_environment(self.workspace, name, any_topic=any_topic)

    @contextmanager
    def rooms(self) -> Iterator[Rooms]:
        """Open the rooms with somebody watching on stderr."""
        with watching() as watch:
            yield Rooms(self.workspace, os.environ, watch)


def session_of(context: typer.Context) -> Session:
    """The session that the main callback made."""
    session: Session = context.find_root().obj
    return session


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def open_session(workspace: Path | None) -> Session:
    """A session in the given workspace, or in the one around the current folder.

    SIGTERM, which CI sends when it gives up, and SIGHUP, which a terminal sends when it closes, end a command as
    Ctrl-C does: what runs is stopped and waited for. Under `nohup` a closed terminal changes nothing.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)
    return Session(Workspace(workspace.resolve()) if workspace else find_workspace(Path.cwd()))
