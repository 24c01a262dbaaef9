"""What one look into a target saw of the events that it was looked into for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""What the ids of events look like; a text with many of them is searched once for all."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An event is in the target, is not, or it cannot be told (None).

    Args:
        delivered: what is known.
        detail: a phrase about it.
        final: looking again cannot tell more.
        seen_at: when the target had it, by the target's own clock, UTC.
        copies: how often it was in the target; 0 where that cannot be told.
    """

    delivered: bool | None
    detail: str
    final: bool = False
    seen_at: datetime | None = None
    copies: int = 0


Look: TypeAlias = Callable[[Collection[str]], Mapping[str, Sighting]]
"""Ids of events that are still looked for -> what one look saw of each. Raises AwsError."""


def alike(ids: Iterable[str], sighting: Sighting) -> dict[str, Sighting]:
    """The same of every event."""
    return dict.fromkeys(ids, sighting)


def all_seen(found: Mapping[str, list[datetime]], where: str, *, counted: bool = True) -> dict[str, Sighting]:
    """Each was delivered when its first copy was.

    Args:
        found: id of an event -> when each copy of it came.
        where: a phrase such as `in queue crm`.
        counted: whether every copy is in `found`.
    """
    return {
        event_id: Sighting(True, where, final=True, seen_at=min(times), copies=len(times) if counted else 0)
        for event_id, times in found.items()
    }


def ids_in(text: str, wanted: Collection[str]) -> set[str]:
    """Which of the ids stand in a text.

    >>> ids_in('{"id":"17793124-05d4-b198-2fde-7ededc63b103"}', {"17793124-05d4-b198-2fde-7ededc63b103", "x-1"})
    {'17793124-05d4-b198-2fde-7ededc63b103'}
    """
    found = set(UUID.findall(text)) & set(wanted)
    return found | {other for other in wanted if not UUID.fullmatch(other) and other in text}


def event_time(event: Mapping[str, Any]) -> datetime:
    """The event's own time, which audits may be minutes behind."""
    return datetime.fromisoformat(event["time"].replace("Z", "+00:00"))


def earliest(events: Iterable[Mapping[str, Any]], margin: timedelta) -> datetime:
    """Where to begin to look: before the first event's own time."""
    return min(map(event_time, events)) - margin
