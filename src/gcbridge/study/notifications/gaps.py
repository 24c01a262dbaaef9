"""While a socket is down nothing is kept: which topics an endpoint can tell of afterwards, and what stays lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from gcbridge.study.notifications.identity import (
    ACTIVITY,
    CONVERSATION_TOPICS,
    DETAIL,
    MEMBERSHIP,
    PRESENCE,
    ROUTING_STATUS,
)
from gcbridge.study.notifications.moments import milliseconds, written
from gcbridge.study.notifications.templates import AUDIT_TEMPLATE, template_of

Filler = Literal[
    "presence", "routing status", "activity", "membership", "conversations", "sessions", "audits"
]
"""What the API is asked for."""
STATES: tuple[Filler, ...] = ("presence", "routing status", "activity", "membership")
"""Of these the API tells the state that is, not how it came about."""
_SESSION_EVENTS = frozenset(
    f"{DETAIL}{who}.{edge}"
    for who in ("acd", "customer", "flow", "user", "voicemail")
    for edge in ("start", "end")
)


def filler_of(template: str) -> Filler | None:
    """What fills the gaps of a topic; None where no endpoint does.

    Args:
        template: a topic template.
    """
    fixed: dict[str, Filler] = {
        PRESENCE: "presence",
        ROUTING_STATUS: "routing status",
        ACTIVITY: "activity",
        MEMBERSHIP: "membership",
        AUDIT_TEMPLATE: "audits",
    }
    if template in CONVERSATION_TOPICS:
        return "conversations"
    return "sessions" if template in _SESSION_EVENTS else fixed.get(template)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was heard of some topics.

    Args:
        topics: with ids.
        begin: the last sign of life before it, by Genesys Cloud's clock.
        end: when the topics were subscribed to again, by the same clock.
        not_before: when listening began; what had happened by then is none of its events.
    """

    topics: tuple[str, ...]
    begin: datetime
    end: datetime
    not_before: datetime | None = None

    def widened(self, seconds: float) -> Gap:
        """The same topics, with so much more time on both sides: clocks differ, and events travel."""
        slack = timedelta(seconds=seconds)
        begin = self.begin - slack
        begin = begin if self.not_before is None else max(begin, self.not_before)
        return replace(self, begin=begin, end=self.end + slack)

    def in_whole_seconds(self) -> Gap:
        """Begun at a whole second: captured audits have their `eventTime` cut to it."""
        return replace(self, begin=self.begin.replace(microsecond=0))

    def of(self, topics: Iterable[str]) -> Gap:
        """The same time, for some of its topics."""
        return replace(self, topics=tuple(topics))

    def interval(self) -> str:
        """In the form that queries take."""
        return f"{written(self.begin)}/{written(self.end)}"

    def holds(self, moment: object) -> bool:
        """Whether a point in time, as Genesys Cloud writes it, lies in it or after it; not where it is none.

        What happened after it may come live as well, and is then told once.
        """
        read = milliseconds(moment)
        return read is not None and read >= self.begin.timestamp() * 1000


def by_filler(topics: Iterable[str]) -> dict[Filler | None, list[str]]:
    """The topics by what fills their gaps."""
    found: dict[Filler | None, list[str]] = {}
    for topic in topics:
        found.setdefault(filler_of(template_of(topic)), []).append(topic)
    return found


def templates_of(topics: Iterable[str]) -> tuple[str, ...]:
    """The templates of topics, each once, sorted."""
    return tuple(sorted({template_of(topic) for topic in topics}))
