"""What was counted in some of the traffic; tallies are added up, in the order of the traffic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

TOPICS_MAX = 1_000
"""Values of `detail-type` that are told apart; Genesys Cloud has a few hundred topics."""
FIRST_MAX = 3
"""Examples that are kept of each kind."""
DAMAGED_MAX = 10
"""Damaged texts that are named."""

Place = tuple[str, str]
"""An event's id and `file:line`; or `file:line` and what is wrong there."""


@dataclass(slots=True)
class TargetTally:
    """What came to one target.

    Args:
        events: each once.
        deliveries: once for every rule that sends it.
        bytes: of what is delivered.
        chunks: of 64 KB, begun ones too.
        units: of the target's own size, begun ones too.
    """

    events: int = 0
    deliveries: int = 0
    bytes: int = 0
    chunks: int = 0
    units: int = 0

    def add(self, other: TargetTally) -> None:
        """Add what else came to it."""
        self.events += other.events
        self.deliveries += other.deliveries
        self.bytes += other.bytes
        self.chunks += other.chunks
        self.units += other.units


@dataclass(slots=True)
class TopicTally:
    """Events of one `detail-type`, and how many of them no rule matches."""

    events: int = 0
    unmatched: int = 0


@dataclass(slots=True)
class ChangeTally:
    """What a rule or target gets otherwise than under the definition that is compared with.

    Args:
        before: events under that definition.
        counts: lost, gained, altered -> events.
        first: the same -> the first of them.
    """

    before: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[Place]] = field(default_factory=dict)

    def note(self, kind: str, place: Place) -> None:
        """One more event is lost, gained or altered."""
        self.counts[kind] += 1
        if self.counts[kind] <= FIRST_MAX:
            self.first.setdefault(kind, []).append(place)

    def add(self, later: ChangeTally) -> None:
        """Add what comes later in the traffic."""
        self.before += later.before
        self.counts.update(later.counts)
        for kind, places in later.first.items():
            self.first[kind] = (self.first.get(kind, []) + places)[:FIRST_MAX]


@dataclass(slots=True)
class Tally:
    """What was counted.

    Args:
        events: those that could be read.
        unmatched: those that no rule matches.
        not_subscribed: those that would not be sent.
        bytes: of all events, as compact JSON.
        chunks: of 64 KB, begun ones too.
        archived: events that the archive keeps.
        archived_bytes: of those.
        rules: rule -> events.
        targets: target -> what came to it.
        topics: `detail-type` -> events; at most TOPICS_MAX of them.
        topics_not_listed: events of further values of `detail-type`.
        first: smallest `time`, in seconds since 1970.
        last: largest `time`.
        without_time: events whose `time` cannot be read.
        other_sources: `source` that was replaced -> events; at most TOPICS_MAX of them.
        other_source_events: all events whose `source` was replaced.
        damaged: texts that are no events.
        first_damaged: the first of them.
        changed: events that any target gets otherwise.
        rule_changes: rule -> what changes.
        target_changes: target -> what changes.
    """

    events: int = 0
    unmatched: int = 0
    not_subscribed: int = 0
    bytes: int = 0
    chunks: int = 0
    archived: int = 0
    archived_bytes: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    targets: dict[str, TargetTally] = field(default_factory=dict)
    topics: dict[str, TopicTally] = field(default_factory=dict)
    topics_not_listed: int = 0
    first: float | None = None
    last: float | None = None
    without_time: int = 0
    other_sources: Counter[str] = field(default_factory=Counter)
    other_source_events: int = 0
    damaged: int = 0
    first_damaged: list[Place] = field(default_factory=list)
    changed: int = 0
    rule_changes: dict[str, ChangeTally] = field(default_factory=dict)
    target_changes: dict[str, ChangeTally] = field(default_factory=dict)

    def note_damaged(self, where: str, problem: str) -> None:
        """One more text is no event."""
        self.damaged += 1
        if len(self.first_damaged) < DAMAGED_MAX:
            self.first_damaged.append((where, problem))

    def note_time(self, seconds: float | None) -> None:
        """One more event happened then."""
        if seconds is None:
            self.without_time += 1
            return
        self.first = seconds if self.first is None else min(self.first, seconds)
        self.last = seconds if self.last is None else max(self.last, seconds)

    def note_topic(self, detail_type: str, events: int, unmatched: int) -> None:
        """More events of a topic."""
        topic = self.topics.get(detail_type)
        if topic is None:
            if len(self.topics) >= TOPICS_MAX:
                self.topics_not_listed += events
                return
            topic = self.topics[detail_type] = TopicTally()
        topic.events += events
        topic.unmatched += unmatched

    def note_source(self, source: str, events: int = 1) -> None:
        """More events had another source."""
        self.other_source_events += events
        if source in self.other_sources or len(self.other_sources) < TOPICS_MAX:
            self.other_sources[source] += events

    def add(self, later: Tally) -> None:
        """Add what comes later in the traffic."""
        self._add_counts(later)
        for seconds in (later.first, later.last):
            if seconds is not None:
                self.note_time(seconds)
        for name, target in later.targets.items():
            self.targets.setdefault(name, TargetTally()).add(target)
        for detail_type, topic in later.topics.items():
            self.note_topic(detail_type, topic.events, topic.unmatched)
        self.first_damaged = (self.first_damaged + later.first_damaged)[:DAMAGED_MAX]
        for mine, theirs in (
            (self.rule_changes, later.rule_changes),
            (self.target_changes, later.target_changes),
        ):
            for name, change in theirs.items():
                mine.setdefault(name, ChangeTally()).add(change)

    def _add_counts(self, later: Tally) -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(later, name))
        self.rules.update(later.rules)
        known = sum(later.other_sources.values())
        for source, events in later.other_sources.items():
            self.note_source(source, events)
        self.other_source_events += later.other_source_events - known


COUNTS = (
    "events",
    "unmatched",
    "not_subscribed",
    "bytes",
    "chunks",
    "archived",
    "archived_bytes",
    "topics_not_listed",
    "without_time",
    "damaged",
    "changed",
)
"""What is simply added."""
