"""coverage: which rules can match the topics that an environment subscribes to; offline."""

from __future__ import annotations

import time
from collections.abc import Callable

from gcbridge.model.coverage import CoverageReport
from gcbridge.model.progress import Progress, Watcher
from gcbridge.study.patterns.coverage import cover
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.topic_snapshots import read_catalogue

SUBJECT = "coverage"
PATIENCE_SECONDS = 2.0
"""Only who waits longer is told how far it is."""
BETWEEN_SECONDS = 0.2


def coverage(rooms: Rooms, environment: Environment) -> CoverageReport:
    """Topics against rules: what no rule matches, what no topic satisfies, what overlaps, what is superfluous.

    Nothing is asked of AWS or Genesys Cloud; no credentials are needed.

    Args:
        rooms: the workspace, whose topic catalogue counts, and who watches.
        environment: whose topics and rules.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
        InvalidPatternError: EventBridge would refuse a rule's pattern.
        GcbridgeError: the environment's file of topics is damaged.
    """
    catalogue = read_catalogue(rooms.workspace, environment.name)
    report = cover(environment.resolve(), catalogue, Telling(rooms.watch))
    rooms.watch(Progress(SUBJECT, "cleared", ""))
    return report


class Telling:
    """Tells a watcher how many pairs of rules are judged, not before it takes long and not too often.

    Args:
        watch: is told.
        clock: seconds, from any moment on.
    """

    def __init__(self, watch: Watcher, clock: Callable[[], float] = time.monotonic) -> None:
        self._watch = watch
        self._clock = clock
        self._started = clock()
        self._due = PATIENCE_SECONDS

    def __call__(self, done: int, total: int) -> None:
        """Take how far it is."""
        seconds = self._clock() - self._started
        if seconds >= self._due:
            self._due = seconds + BETWEEN_SECONDS
            self._watch(Progress(SUBJECT, "running", f"{done:,} of {total:,} pairs of rules", seconds))
