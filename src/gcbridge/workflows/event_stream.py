"""Shows events as they come, until the time is over, nobody reads on, or Ctrl-C."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Literal, Protocol, TypeVar

from gcbridge.errors import UsageError
from gcbridge.model.progress import Progress, Watcher
from gcbridge.study.event_filter import EventFilter, read_filter
from gcbridge.study.replay_window import parse_duration

Ending = Literal["time", "interrupted", "unread"]
"""Why no more is shown: the time was over, Ctrl-C, or nobody reads on (`| head -1`)."""

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Clock = Callable[[], float]
Receive = Callable[[float], Iterable[T]]
"""Yields what comes until an instant of the monotonic clock."""


class Display(Protocol[T_contra]):
    """Where events are shown."""

    def show(self, item: T_contra) -> None:
        """Show one."""

    def is_read(self) -> bool:
        """False when nobody can see any more what is shown."""


@dataclass
class Sieve:
    """Lets through what a filter wants, and counts what it keeps back.

    Args:
        filter: None lets everything through.
    """

    filter: EventFilter | None
    passed: int = 0
    kept_back: int = 0
    faults: int = 0
    """Of those kept back: events that the filter makes no sense of."""
    fault: str = ""
    """The first of them."""

    def passes(self, event: Mapping[str, Any]) -> bool:
        """Whether the event is wanted."""
        if self.filter is None:
            self.passed += 1
            return True
        answer = self.filter.ask(event)
        self.passed += answer.wanted
        self.kept_back += not answer.wanted
        self.faults += bool(answer.fault)
        self.fault = self.fault or answer.fault
        return answer.wanted


def read_sieve(expression: str | None, watch: Watcher) -> Sieve:
    """A sieve of `--filter`; what was probably not meant by it is said.

    Raises:
        UsageError: it is no JMESPath.
    """
    if expression is None:
        return Sieve(None)
    found = read_filter(expression)
    for doubt in found.doubts():
        watch(Progress("--filter", "note", doubt))
    return Sieve(found)


def read_seconds(duration: str | None, option: str = "--for") -> float:
    """Seconds of a duration; infinitely many where none is given.

    Raises:
        UsageError: it is no duration, or none at all.
    """
    if duration is None:
        return math.inf
    seconds = parse_duration(duration, option)
    if seconds == 0:
        raise UsageError(f"{option} {duration} is no time", hint=f"say how long: {option} 10m")
    return float(seconds)


def show_stream(
    receive: Receive[T],
    show: Callable[[T], None],
    is_read: Callable[[], bool],
    *,
    seconds: float,
    tick_seconds: float,
    between: Callable[[], None] = lambda: None,
    clock: Clock = time.monotonic,
) -> Ending:
    """Everything that comes is shown at once; Ctrl-C is an ending like any other.

    Args:
        receive: yields what comes.
        show: shows it.
        is_read: false when nobody can see it any more.
        seconds: how long; may be infinite.
        tick_seconds: how often `is_read` and `between` are asked while nothing comes.
        between: called every tick.
        clock: monotonic seconds.
    """
    end = clock() + seconds
    try:
        while True:
            for item in receive(min(end, clock() + tick_seconds)):
                show(item)
                if not is_read():
                    return "unread"
            if not is_read():
                return "unread"
            if clock() >= end:
                return "time"
            between()
    except KeyboardInterrupt:
        return "interrupted"


class Background(Generic[T]):
    """Receives in a thread of its own for as long as the block lasts; what came is fetched with `drain`.

    Args:
        receive: yields what comes; called again and again.
        tick_seconds: how long each call lasts, and so at most the end of the block.
        clock: monotonic seconds.
    """

    def __init__(self, receive: Receive[T], *, tick_seconds: float, clock: Clock = time.monotonic) -> None:
        self._receive = receive
        self._tick_seconds = tick_seconds
        self._clock = clock
        self._came: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._fault: Exception | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Background[T]:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def drain(self) -> Iterator[T]:
        """What came since the last time.

        Raises:
            Exception: what ended the thread, once everything before it was fetched.
        """
        fault = self._fault
        while not self._came.empty():
            yield self._came.get()
        if fault is not None:
            raise fault

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                for item in self._receive(self._clock() + self._tick_seconds):
                    self._came.put(item)
        except Exception as error:  # noqa: BLE001  (raised again by whoever drains)
            self._fault = error
