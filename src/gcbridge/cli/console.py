"""Consoles that outlive their reader: a closed pipe or terminal ends the talk, not the work."""

from __future__ import annotations

import os

from rich.console import Console

from gcbridge.model.progress import Progress, Watcher


class PatientConsole(Console):
    """Where nobody reads any more (`gcbridge apply dev | head`), nothing more is said; rich itself would exit."""

    def on_broken_pipe(self) -> None:
        """Falls silent; what is still in the stream's own buffer goes nowhere instead of failing at the end."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def stderr_console() -> Console:
    """Where the talk goes."""
    return PatientConsole(stderr=True, highlight=False, emoji=False)


def stdout_console() -> Console:
    """Where results go; wide where it is no terminal, so that nothing is cut in a log."""
    out = PatientConsole(highlight=False, emoji=False)
    return out if out.is_terminal else PatientConsole(highlight=False, emoji=False, width=200)


class PatientWatcher:
    """Tells a watcher what goes on until its terminal is gone; from then on nobody is told, and the work goes on."""

    def __init__(self, watch: Watcher) -> None:
        self._watch: Watcher | None = watch

    def __call__(self, progress: Progress) -> None:
        """Pass it on, if somebody still listens."""
        if self._watch is None:
            return
        try:
            self._watch(progress)
        except OSError:
            self._watch = None
