"""Who is who: which change an event tells of, what came twice, what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gcbridge.model.proof import BusSighting, CausedChange, WitnessSighting
from gcbridge.study.proof.content_key import content_key

DETAIL_TYPE = "detail-type"
Event = Mapping[str, Any]
EARLY = timedelta(minutes=10)
"""How long an event waits for its change: longer than one call of Genesys Cloud lasts with all its repetitions."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A change and how its events are known.

    Args:
        change: what was made.
        matches: says by content whether an event, in EventBridge's form, tells of it.
        moment: when it was accepted, by the clock that stamps events where that is known.
    """

    change: CausedChange
    matches: Callable[[Event], bool]
    moment: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """An event that the probe read.

    Args:
        event: whole EventBridge event.
        sent_at: when the probe's queue had it.
        received_at: when it was read.
    """

    event: Event
    sent_at: datetime
    received_at: datetime


@dataclass
class Ledger:
    """Takes changes and events in any order: an event may be here before Genesys Cloud's answer is.

    Args:
        occurred_at: when an event happened, by what it says itself; None where it does not.
        clock: this machine's clock, UTC.
    """

    occurred_at: Callable[[Event], datetime | None]
    clock: Callable[[], datetime]
    claims: list[Claim] = field(default_factory=list)
    events: dict[str, Event] = field(default_factory=dict)
    """Event id -> whole event, of every event that belongs to a change."""
    _sightings: dict[tuple[int, str], BusSighting] = field(default_factory=dict)
    _heard: dict[tuple[int, str], WitnessSighting] = field(default_factory=dict)
    _keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    _heard_keys: set[str] = field(default_factory=set)
    _early: list[Seen] = field(default_factory=list)
    _early_heard: list[tuple[Event, WitnessSighting]] = field(default_factory=list)

    @property
    def changes(self) -> tuple[CausedChange, ...]:
        """All changes, in the order that they were made."""
        return tuple(claim.change for claim in self.claims)

    @property
    def sightings(self) -> tuple[BusSighting, ...]:
        """All events of changes that were seen on the bus, in the order that they came."""
        return tuple(self._sightings.values())

    @property
    def heard(self) -> tuple[WitnessSighting, ...]:
        """All events of changes that came over the notification service, in the order that they came."""
        return tuple(self._heard.values())

    @property
    def next_number(self) -> int:
        """The number of the next change."""
        return len(self.claims) + 1

    def claim(self, claim: Claim) -> None:
        """Take a change; events that were here before it find their way now.

        Only this change can be theirs, as nothing else was when they came. A busy bus brings thousands that are
        nobody's, so they are asked for once for each change, and not kept for ever.
        """
        self.claims.append(claim)
        oldest = self.clock() - EARLY
        early, self._early = self._early, []
        for seen in early:
            if _could_tell(seen.event, claim):
                self.see(seen)
            elif seen.received_at > oldest:
                self._early.append(seen)
        waiting, self._early_heard = self._early_heard, []
        for event, sighting in waiting:
            if _could_tell(event, claim):
                self.hear(event, sighting)
            elif sighting.heard_at > oldest:
                self._early_heard.append((event, sighting))

    def see(self, seen: Seen) -> BusSighting | None:
        """Take an event of the bus; its sighting, or None where it belongs to no change so far."""
        key, detail_type = content_key(seen.event.get("detail") or {}), seen.event[DETAIL_TYPE]
        place = self._keys.get(key)
        if place is not None:
            copied = self._sightings[place]
            self._sightings[place] = copied.model_copy(update={"copies": copied.copies + 1})
            return self._sightings[place]
        claim = self._owner(seen.event, self._sightings)
        if claim is None:
            self._early.append(seen)
            return None
        place = (claim.change.number, detail_type)
        self._keys[key] = place
        self.events[seen.event["id"]] = seen.event
        self._sightings[place] = BusSighting(
            change=claim.change.number,
            event_id=seen.event["id"],
            detail_type=detail_type,
            sent_at=seen.sent_at,
            received_at=seen.received_at,
            known_at=self.clock(),
        )
        return self._sightings[place]

    def hear(self, event: Event, sighting: WitnessSighting) -> WitnessSighting | None:
        """Take an event of the notification service; None where it belongs to no change so far.

        Args:
            event: in EventBridge's form: `detail-type` and `detail`.
            sighting: when and how it was heard; its number of a change is not looked at.
        """
        key = content_key(event.get("detail") or {})
        if key in self._heard_keys:
            return None
        claim = self._owner(event, self._heard)
        if claim is None:
            self._early_heard.append((event, sighting))
            return None
        self._heard_keys.add(key)
        told = sighting.model_copy(update={"change": claim.change.number})
        self._heard[claim.change.number, sighting.topic] = told
        return told

    def knows(self, event: Event, *, heard: bool) -> bool:
        """Whether this way told of it before, or it may be what the other way told of.

        Args:
            event: in EventBridge's form.
            heard: over the notification service; else on the bus.
        """
        key = content_key(event.get("detail") or {})
        if heard:
            return key in self._heard_keys or self._owner(event, self._heard) is not None
        return key in self._keys or self._owner(event, self._sightings) is not None

    def missing(self, topics: Sequence[str]) -> Iterator[tuple[CausedChange, str]]:
        """Pairs of change and topic that no event on the bus has told of.

        Args:
            topics: topics that count.
        """
        for change in self.changes:
            for topic in change.topics:
                if topic in topics and (change.number, topic) not in self._sightings:
                    yield change, topic

    def _owner(self, event: Event, told: Mapping[tuple[int, str], object]) -> Claim | None:
        """Of several changes that could be meant, the nearest in time that nothing has told of on this topic."""
        topic = event[DETAIL_TYPE]
        meant = [
            claim
            for claim in self.claims
            if (claim.change.number, topic) not in told and _could_tell(event, claim)
        ]
        moment = self.occurred_at(event)
        if moment is None or len(meant) < 2:
            return next(iter(meant), None)
        return min(meant, key=lambda claim: abs((claim.moment - moment).total_seconds()))


def _could_tell(event: Event, claim: Claim) -> bool:
    return event[DETAIL_TYPE] in claim.change.topics and claim.matches(event)
