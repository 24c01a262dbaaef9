"""Pairs what came over the WebSocket with what came over EventBridge, by content."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from gcbridge.model.comparison import ComparedEvent, ComparisonSummary, Sighting, Way
from gcbridge.study.notifications.identity import (
    CONVERSATION_TOPICS,
    MEMBERSHIP,
    conversation_key,
    membership_key,
    state_key,
)
from gcbridge.study.proof.statistics import latency

MEMORY = timedelta(minutes=10)
"""How long a copy is known for one, and a late partner for a partner."""
LATER = "EventBridge after WebSocket"
_WAYS: tuple[Way, Way] = ("websocket", "eventbridge")
_OTHER: Mapping[Way, Way] = {"websocket": "eventbridge", "eventbridge": "websocket"}
_Key = tuple[Hashable, ...]


@dataclass(eq=False)
class _Alone:
    """A sighting without a partner so far.

    Args:
        sighting: what came.
        digest: of its body.
        contents: what a sighting of the same event has in common with it: the state that it tells of, or the body.
        alike: the same where the API tells of it, for topics whose events it tells in other words.
    """

    sighting: Sighting
    digest: str
    contents: tuple[_Key, ...]
    alike: _Key | None
    is_told: bool = False
    """The grace period is over: it was said that only one way had it."""

    @classmethod
    def of(cls, sighting: Sighting) -> _Alone:
        digest, name, body = _digest(sighting), sighting.topic_name, sighting.event_body
        state = state_key(sighting.topic, name, body)
        contents: list[_Key] = [("state", state)] if state is not None else []
        return cls(sighting, digest, (*contents, ("body", name, digest)), _alike(sighting))

    @property
    def correlation(self) -> _Key:
        return ("correlation", self.sighting.topic_name, self.sighting.correlation_id)

    @property
    def keys(self) -> Iterator[_Key]:
        """Everything that a partner can find it by."""
        if self.sighting.correlation_id:
            yield self.correlation
        yield from self.contents
        if self.alike is not None:
            yield self.alike

    def lacks_id(self, other: _Alone) -> bool:
        """Whether one of two has no correlation id, so that ids cannot tell."""
        return not self.sighting.correlation_id or not other.sighting.correlation_id

    def is_filled(self, other: _Alone) -> bool:
        """Whether the API told of one of two."""
        return "gap-fill" in {self.sighting.source, other.sighting.source}


class _Waiting:
    """Sightings of one way that wait for a partner."""

    def __init__(self) -> None:
        self._index: dict[_Key, list[_Alone]] = {}

    def add(self, alone: _Alone) -> None:
        for key in alone.keys:
            self._index.setdefault(key, []).append(alone)

    def remove(self, alone: _Alone) -> None:
        for key in alone.keys:
            found = self._index.get(key, [])
            if alone in found:
                found.remove(alone)
            if not found:
                self._index.pop(key, None)

    def partner(self, of: _Alone) -> _Alone | None:
        """By correlation id, among several of one id the one with the same body; by content where an id is missing."""
        same_id = self._index.get(of.correlation, [])
        if same_id:
            return next((found for found in same_id if found.digest == of.digest), same_id[0])
        same = (found for key in of.contents for found in self._index.get(key, []))
        alike = self._index.get(of.alike, []) if of.alike else []
        return next((found for found in same if of.lacks_id(found)), next(filter(of.is_filled, alike), None))

    def same_content(self, of: _Alone) -> _Alone | None:
        """Whatever the correlation ids, as long as nobody was told that it is single."""
        same = (found for key in of.contents for found in self._index.get(key, []))
        return next((found for found in same if not found.is_told), None)


@dataclass
class _Counts:
    both: int = 0
    only: dict[Way, int] = field(default_factory=lambda: dict.fromkeys(_WAYS, 0))
    copies: dict[Way, int] = field(default_factory=lambda: dict.fromkeys(_WAYS, 0))
    filled: int = 0
    later: list[float] = field(default_factory=list)


class Comparison:
    """Events are added as they come; each is decided when its partner comes, or when the grace period is over.

    Args:
        since: when both ways were open. What Genesys Cloud sent before, the socket could not hear, and so it counts
            only where the socket heard it all the same.
        grace: how much later than the other a way may be.
    """

    def __init__(self, since: datetime, grace: timedelta) -> None:
        self._since = since
        self._grace = grace
        self._waiting: dict[Way, _Waiting] = {way: _Waiting() for way in _WAYS}
        self._undecided: OrderedDict[int, _Alone] = OrderedDict()
        self._told: OrderedDict[int, _Alone] = OrderedDict()
        self._seen: OrderedDict[_Key, datetime] = OrderedDict()
        self._counts = _Counts()
        self._is_over = False

    @property
    def is_decided(self) -> bool:
        """Nothing waits for its partner within the grace period."""
        return not self._undecided

    def add(self, sighting: Sighting) -> ComparedEvent | Literal["first", "copy", "stray"]:
        """The pair, if this is the second of two; else what it is: a first, a copy, or a stray that came after the end.

        An event that was called single pairs all the same if its partner comes within ten minutes, as what the API
        tells after a gap does; the counts are then put right.
        """
        alone = _Alone.of(sighting)
        if self._is_copy(alone):
            self._counts.copies[sighting.way] += 1
            return "copy"
        partner = self._waiting[_OTHER[sighting.way]].partner(alone)
        if partner is not None:
            return self._pair(alone, partner)
        if self._is_over:
            return "stray"
        self._undecided[id(alone)] = alone
        self._waiting[sighting.way].add(alone)
        return "first"

    def end(self) -> None:
        """From now on only partners of what came before count."""
        self._is_over = True

    def expire(self, now: datetime) -> Iterator[ComparedEvent]:
        """Decides what has waited longer than the grace period.

        Events of one content and two correlation ids are one event now, and not before: nobody promises that both ways
        carry the same id.

        Args:
            now: by this machine's clock, UTC.
        """
        while alone := _due(self._undecided, now, self._grace):
            partner = self._waiting[_OTHER[alone.sighting.way]].same_content(alone)
            if partner is not None:
                yield self._pair(alone, partner)
                continue
            self._undecided.pop(id(alone))
            if _is_early(alone.sighting, self._since):
                self._waiting[alone.sighting.way].remove(alone)
                continue
            alone.is_told = True
            self._told[id(alone)] = alone
            self._counts.only[alone.sighting.way] += 1
            self._counts.filled += alone.sighting.source == "gap-fill"
            yield _compared(alone.sighting, None)
        self._forget(now)

    def summary(
        self, *, seconds: float, topics: Sequence[str], unheard: Mapping[str, str]
    ) -> ComparisonSummary:
        """The counts so far.

        Args:
            seconds: how long both ways were open.
            topics: topic templates that were compared.
            unheard: topic -> why it cannot be compared.
        """
        counts = self._counts
        return ComparisonSummary(
            both=counts.both,
            only_websocket=counts.only["websocket"],
            only_eventbridge=counts.only["eventbridge"],
            undecided=len(self._undecided),
            filled=counts.filled,
            copies={way: count for way, count in counts.copies.items() if count},
            later=latency(LATER, counts.later),
            grace_seconds=self._grace.total_seconds(),
            seconds=round(seconds, 1),
            topics=tuple(topics),
            unheard=dict(unheard),
        )

    def _is_copy(self, alone: _Alone) -> bool:
        """Without a correlation id, equal events may be two: only EventBridge's own id tells."""
        sighting, keys = alone.sighting, list[_Key]()
        if sighting.event_id:
            keys.append((sighting.way, sighting.event_id))
        if sighting.correlation_id:
            keys.append((sighting.way, *alone.correlation, alone.digest))
        known = any(key in self._seen for key in keys)
        self._seen.update(dict.fromkeys(keys, sighting.seen_at))
        return known

    def _pair(self, one: _Alone, other: _Alone) -> ComparedEvent:
        for alone in (one, other):
            way = alone.sighting.way
            self._waiting[way].remove(alone)
            self._undecided.pop(id(alone), None)
            if self._told.pop(id(alone), None) is not None:
                self._counts.only[way] -= 1
                self._counts.filled -= alone.sighting.source == "gap-fill"
        compared = _compared(one.sighting, other.sighting)
        self._counts.both += 1
        if compared.source == "gap-fill":
            self._counts.filled += 1
        elif compared.seconds_later is not None:
            self._counts.later.append(compared.seconds_later)
        return compared

    def _forget(self, now: datetime) -> None:
        while alone := _due(self._told, now, MEMORY):
            self._told.pop(id(alone))
            self._waiting[alone.sighting.way].remove(alone)
        while self._seen and next(iter(self._seen.values())) <= now - MEMORY:
            self._seen.popitem(last=False)


def _due(alone: OrderedDict[int, _Alone], now: datetime, age: timedelta) -> _Alone | None:
    """The oldest, if it is so old; there is no date for "now" less the longest grace period that can be given."""
    first = next(iter(alone.values()), None)
    return first if first is not None and now - first.sighting.seen_at >= age else None


def _is_early(sighting: Sighting, since: datetime) -> bool:
    return sighting.sent_at is not None and sighting.sent_at <= since


def _digest(sighting: Sighting) -> str:
    canonical = json.dumps(sighting.event_body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


def _alike(sighting: Sighting) -> _Key | None:
    if sighting.topic == MEMBERSHIP:
        return ("alike", membership_key(sighting.topic_name, sighting.event_body))
    if sighting.topic in CONVERSATION_TOPICS:
        return ("alike", conversation_key(sighting.topic_name, sighting.event_body))
    return None


def _compared(one: Sighting, other: Sighting | None) -> ComparedEvent:
    by_way = {sighting.way: sighting for sighting in (one, other) if sighting is not None}
    websocket, eventbridge = by_way.get("websocket"), by_way.get("eventbridge")
    return ComparedEvent(
        topic=one.topic,
        topic_name=one.topic_name,
        correlation_id=one.correlation_id or (other.correlation_id if other else ""),
        event_body=(eventbridge or one).event_body,
        event_id=eventbridge.event_id if eventbridge else "",
        source=websocket.source if websocket else "live",
        websocket_at=websocket.seen_at if websocket else None,
        eventbridge_at=eventbridge.seen_at if eventbridge else None,
    )
