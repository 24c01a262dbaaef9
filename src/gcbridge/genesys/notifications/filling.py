"""The threads that ask the API for what happened while a socket was down."""

from __future__ import annotations

import contextlib
import functools
import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gcbridge.errors import GenesysError
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.notifications.gap_lookups import GapLookups
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.study.notifications.gaps import STATES, Filler, Gap, by_filler, templates_of

_LOOKED_UP_LATE: tuple[Filler, ...] = ("conversations", "sessions", "audits")
_ATTEMPTS = 5
_WORKERS = 3
"""So that presences do not wait for audit queries, which take a while, and the API's rate limit is not strained."""


@dataclass(order=True)
class _Job:
    due: float
    number: int
    run: Callable[[], object] = field(compare=False)


class GapFiller:
    """Fills gaps, at most three at a time.

    Args:
        lookups: asks the API.
        notifications: takes what is found.
        timing: see `Timing`.
        ending: set when the block ends.
    """

    def __init__(
        self, lookups: GapLookups, notifications: Notifications, timing: Timing, ending: threading.Event
    ) -> None:
        self._lookups = lookups
        self._notifications = notifications
        self._timing = timing
        self._ending = ending
        self._jobs: list[_Job] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._has_said_what_states_lose = False
        self._threads = [
            threading.Thread(target=self._work, name="gcbridge-gap-filler", daemon=True)
            for _ in range(_WORKERS)
        ]

    def start(self) -> None:
        """Begins to wait for gaps."""
        for thread in self._threads:
            thread.start()

    def close(self, seconds: float) -> None:
        """Waits until the requests that are under way have their answers; `ending` must be set."""
        with self._wake:
            self._wake.notify_all()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def fill(self, gap: Gap) -> None:
        """Fills a gap, soon."""
        self._later(0.0, lambda: self._fill(gap))

    def welcome(self, gap: Gap) -> None:
        """Looks up what happened to new objects until their topics were subscribed to; nothing is said of it."""
        self.begin(gap.topics)
        for kind, topics in by_filler(gap.topics).items():
            if kind not in (None, "membership"):
                self._later(0.0, functools.partial(self._look_at_new, kind, gap.of(topics)))

    def begin(self, topics: Iterable[str]) -> None:
        """Reads what must be known before a first gap: who is a member of which queue."""
        queues = by_filler(topics).get("membership", [])
        if queues:
            self._later(0.0, lambda: self._begin(queues))

    def _look_at_new(self, kind: Filler, gap: Gap) -> None:
        with contextlib.suppress(GenesysError):
            self._lookups.fill(kind, gap)

    def _begin(self, queues: list[str]) -> None:
        """If it fails, the first gap says that nobody knows what was before it."""
        with contextlib.suppress(GenesysError):
            self._lookups.begin(queues)

    def _later(self, seconds: float, run: Callable[[], object]) -> None:
        with self._wake:
            heapq.heappush(self._jobs, _Job(time.monotonic() + seconds, next(self._numbers), run))
            self._wake.notify_all()

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                job.run()
        except BaseException as error:  # noqa: BLE001 - whatever ends the thread is raised where events are received
            if not self._ending.is_set():
                self._notifications.fail(error)

    def _next(self) -> _Job | None:
        with self._wake:
            while not self._ending.is_set():
                wait = self._jobs[0].due - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)
                self._wake.wait(wait)
        return None

    def _fill(self, gap: Gap) -> None:
        wide, kinds = gap.widened(self._timing.slack_seconds), by_filler(gap.topics)
        lost = kinds.pop(None, [])
        found = {
            kind: self._look_up(kind, wide.of(topics), attempt=1)
            for kind, topics in kinds.items()
            if kind is not None
        }
        self._say_filled(gap, sum(count or 0 for count in found.values()), kinds)
        if lost:
            self._say_lost(lost, "no endpoint tells of what was missed")
        again = [kind for kind in _LOOKED_UP_LATE if found.get(kind) is not None]
        if again:
            late = wide.of(topic for kind in again for topic in kinds[kind])
            self._later(self._timing.look_again_seconds, lambda: self._look_again(late))

    def _look_again(self, gap: Gap) -> None:
        """Audits reach the query minutes, conversations seconds after the event."""
        found = sum(
            self._look_up(kind, gap.of(topics), attempt=1) or 0
            for kind, topics in by_filler(gap.topics).items()
            if kind is not None
        )
        if found:
            self._notifications.notice(
                "gap-filled", f"{found:,} more {_events(found)} of a gap turned up", templates_of(gap.topics)
            )

    def _look_up(self, kind: Filler, gap: Gap, attempt: int) -> int | None:
        """How many events were news; None where the API did not answer, then it is asked again later."""
        try:
            unknown, found = self._lookups.fill(kind, gap)
        except GenesysRefusedError as refusal:
            if refusal.status not in {429, *range(500, 600)}:
                self._say_lost(gap.topics, refusal.summary)
                return None
            self._try_again(kind, gap, attempt, refusal)
            return None
        except GenesysError as error:
            self._try_again(kind, gap, attempt, error)
            return None
        if unknown:
            self._say_lost(unknown, "what was before it is not known")
        return found

    def _try_again(self, kind: Filler, gap: Gap, attempt: int, error: GenesysError) -> None:
        if attempt >= _ATTEMPTS:
            self._say_lost(gap.topics, error.summary)
            return
        pause = self._timing.look_again_seconds * attempt
        self._later(pause, lambda: self._catch_up(kind, gap, attempt + 1))

    def _catch_up(self, kind: Filler, gap: Gap, attempt: int) -> None:
        found = self._look_up(kind, gap, attempt)
        if found is not None:
            self._say_filled(gap, found, {kind: list(gap.topics)})

    def _say_filled(self, gap: Gap, filled: int, kinds: dict[Filler | None, list[str]]) -> None:
        topics = [topic for topics in kinds.values() for topic in topics]
        if not topics:
            return
        states = [topic for kind in STATES for topic in kinds.get(kind, ())]
        message = (
            f"{filled:,} {_events(filled)} of a gap that ended at {gap.end:%H:%M:%S} UTC filled from the API"
        )
        if states and self._is_first_of_states():
            message += (
                f"; of {', '.join(templates_of(states))} it tells the state at the end of a gap only, "
                "what lay in between is lost"
            )
        self._notifications.notice("gap-filled", message, templates_of(topics))

    def _is_first_of_states(self) -> bool:
        with self._wake:
            is_first, self._has_said_what_states_lose = not self._has_said_what_states_lose, True
        return is_first

    def _say_lost(self, topics: Sequence[str], reason: str) -> None:
        templates = templates_of(topics)
        self._notifications.notice(
            "unfillable", f"what was missed of {', '.join(templates)} stays lost: {reason}", templates
        )


def _events(count: int) -> str:
    return "event" if count == 1 else "events"
