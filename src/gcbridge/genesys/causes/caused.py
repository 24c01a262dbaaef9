"""What every cause has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

_CLOCKS_AGREE = timedelta(seconds=2)
"""A Date header tells whole seconds."""


@dataclass(frozen=True, slots=True)
class Caused:
    """A change was made; one event for each topic that the integration sends should follow.

    Args:
        topics: topic templates that can carry it.
        accepted_at: when Genesys Cloud accepted the change, by this machine's clock (UTC).
        matches: recognizes the event, as EventBridge delivers it, by its content.
        description: one clause, such as `presence of Ada set to Busy`.
        stamped_at: the same moment by Genesys Cloud's clock, which stamps events, to the second; None where it did not say.
    """

    topics: tuple[str, ...]
    accepted_at: datetime
    matches: Callable[[Mapping[str, Any]], bool]
    description: str
    stamped_at: datetime | None = None

    @property
    def moment(self) -> datetime:
        """When it was accepted, by the clock that stamps its events; this machine's, which knows more than seconds, unless they differ."""
        stamped_at = self.stamped_at
        is_close = stamped_at is None or abs(stamped_at - self.accepted_at) < _CLOCKS_AGREE
        return self.accepted_at if stamped_at is None or is_close else stamped_at


class Cause(Protocol):
    """Something that can be changed again and again, and is put back at the end."""

    @property
    def concrete_topics(self) -> tuple[str, ...]:
        """Topics with their ids, on which the notification service could tell of it."""

    def make(self) -> Sequence[Caused]:
        """Makes the next change: one, or several that belong together."""


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(timezone.utc)


PROBE_TEXT = "gcbridge probe "
"""What every mark begins with."""


def probe_text(run_id: str, number: int) -> str:
    """What marks one change of one run.

    >>> probe_text("a1b2", 7)
    'gcbridge probe a1b2-7'
    """
    return f"{PROBE_TEXT}{run_id}-{number}"


def is_probe_text(text: str, run_id: str) -> bool:
    """Whether a text is the mark of this run."""
    return text.startswith(f"{PROBE_TEXT}{run_id}-")
