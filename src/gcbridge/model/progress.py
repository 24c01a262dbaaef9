"""What long work tells whoever watches: the terminal, a log, a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ProgressKind = Literal["started", "running", "finished", "failed", "note", "cleared"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of long work.

    Args:
        subject: what is worked on: a stack, a resource address, or what is waited for.
        kind: started, running, finished, failed, a note that needs no end, or cleared: ended, with nothing to say.
        message: for people.
        seconds: since the subject was started, where known.
        fraction: how much of the whole is done, 0 to 1, where the whole is known.
    """

    subject: str
    kind: ProgressKind
    message: str
    seconds: float | None = None
    fraction: float | None = None


Watcher = Callable[[Progress], None]
"""Takes progress; called from several threads at once."""


def watch_nothing(progress: Progress) -> None:
    """Progress may go unseen."""
    del progress
