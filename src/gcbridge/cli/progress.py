"""Shows long work on stderr: live lines in a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as ProgressDisplay
from rich.text import Text

from gcbridge.cli.console import PatientWatcher, stderr_console
from gcbridge.model.progress import Progress, Watcher

MARKS = {"finished": "[green]✓[/]", "failed": "[red]✗[/]", "note": "[cyan]·[/]", "running": "[dim]…[/]"}
REPEAT_SECONDS = 10.0


@contextmanager
def watching(console: Console | None = None) -> Iterator[Watcher]:
    """A watcher for as long as the block lasts."""
    console = console or stderr_console()
    if not console.is_terminal:
        yield PatientWatcher(PlainLines(console))
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarOfKnownWholes(), TimeElapsedColumn())
    display = ProgressDisplay(*columns, console=console, transient=True)
    try:
        yield PatientWatcher(LiveLines(console, display))
    finally:
        display.stop()


class BarOfKnownWholes(ProgressColumn):
    """A bar for work whose whole is known; most waits have no such thing, and get no bar that would lie."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=24)

    def render(self, task: Task) -> RenderableType:
        """The bar, or nothing."""
        return Text("") if task.total is None else self._bar.render(task)


class PlainLines:
    """A line when something ends, and every ten seconds while it lasts, so that logs stay short and never silent."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown_at: dict[str, float] = {}

    def __call__(self, progress: Progress) -> None:
        """Print a line, unless nothing new is to be said."""
        if progress.kind in {"started", "cleared"} or (
            progress.kind == "running" and not self._is_due(progress)
        ):
            return
        self._console.print(_line(progress), soft_wrap=True)

    def _is_due(self, progress: Progress) -> bool:
        seconds = progress.seconds or 0.0
        due = seconds - self._shown_at.get(progress.subject, 0.0) >= REPEAT_SECONDS
        if due:
            self._shown_at[progress.subject] = seconds
        return due


class LiveLines:
    """A moving line for what runs; a fixed one for what has ended.

    The display lives only while something runs, so that questions and results can be printed in between.
    """

    def __init__(self, console: Console, display: ProgressDisplay) -> None:
        self._console = console
        self._display = display
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        """Move, end or print a line."""
        with self._lock:
            if progress.kind in {"started", "running"}:
                self._show(progress)
                return
            task = self._tasks.pop(progress.subject, None)
            if task is not None:
                self._display.remove_task(task)
            if not self._tasks:
                self._display.stop()
            if progress.kind != "cleared":
                self._console.print(_line(progress), soft_wrap=True)

    def _show(self, progress: Progress) -> None:
        text = f"{escape(progress.subject)} [dim]{escape(progress.message)}[/]"
        task = self._tasks.get(progress.subject)
        if task is None:
            self._display.start()
            task = self._tasks[progress.subject] = self._display.add_task(text, total=None)
        if progress.fraction is None:
            self._display.update(task, description=text)
        else:
            self._display.update(task, description=text, total=1.0, completed=progress.fraction)


def _line(progress: Progress) -> str:
    seconds = f" [dim]({progress.seconds:.1f} s)[/]" if progress.seconds is not None else ""
    message = f" [dim]{escape(progress.message)}[/]" if progress.message else ""
    return f"{MARKS.get(progress.kind, '')} {escape(progress.subject)}{message}{seconds}"
