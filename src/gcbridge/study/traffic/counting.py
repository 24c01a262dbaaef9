"""Counts what recorded events do under a bridge's rules; made once in each process, fed with one batch after another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

import orjson

from gcbridge.routing import Router
from gcbridge.study.traffic.definition import ARCHIVE, Definition
from gcbridge.study.traffic.difference import NOT_SENT, Comparison, Matched
from gcbridge.study.traffic.tally import ChangeTally, Tally, TargetTally

CHUNK_BYTES = 64 * 1024
Event = dict[str, Any]


class TrafficCounter:
    """Routes events and counts.

    Args:
        definition: rules and targets to simulate.
        against: another definition to compare with, event by event.

    Raises:
        InvalidPatternError: EventBridge would refuse a pattern.
    """

    def __init__(self, definition: Definition, against: Definition | None = None) -> None:
        self._definition = definition
        self._origin = dict(definition.origin)
        self._source = self._origin["source"]
        self._match = Router(definition.patterns).match
        self._units = tuple(sorted(set(definition.unit_bytes.values()) - {CHUNK_BYTES}))
        self._archives_all = ARCHIVE not in definition.patterns
        self._against = against
        self._match_against = Router(against.patterns).match if against else None
        self._comparison = Comparison(against, definition) if against else None

    def count(self, events: Iterable[tuple[Event, str]], tally: Tally) -> None:
        """Add a batch of events to a tally.

        Args:
            events: each with its `file:line`; they are changed.
            tally: what they are added to.
        """
        groups: dict[Matched, list[int]] = {}
        pairs: dict[tuple[Matched, Matched], int] = {}
        for event, where in events:
            matched = self._route(event, tally)
            size = _size_of(event)
            self._group(groups, matched, size)
            self._count_inputs(tally, event, matched)
            if self._comparison:
                before = self._compare(self._comparison, event, where, matched, tally)
                pairs[before, matched] = pairs.get((before, matched), 0) + 1
        self._add_groups(groups, tally)
        self._add_before(pairs, tally)

    def _route(self, event: Event, tally: Tally) -> Matched:
        source = event.get("source")
        if source != self._source:
            tally.note_source(str(source))
        event.update(self._origin)
        detail_type = event.get("detail-type", "")
        matched = self._match(event) if detail_type in self._definition.topics else NOT_SENT
        tally.note_topic(str(detail_type), 1, matched in NOTHING)
        tally.note_time(seconds_of(event.get("time")))
        return matched

    def _group(self, groups: dict[Matched, list[int]], matched: Matched, size: int) -> None:
        """Events that match the same rules are counted together, and told apart once a batch."""
        group = groups.get(matched)
        if group is None:
            group = groups[matched] = [0] * (3 + len(self._units))
        group[0] += 1
        group[1] += size
        group[2] += -(-size // CHUNK_BYTES)
        for index, unit in enumerate(self._units, 3):
            group[index] += -(-size // unit)

    def _add_groups(self, groups: dict[Matched, list[int]], tally: Tally) -> None:
        for matched, group in groups.items():
            events, size, chunks = group[:3]
            tally.events += events
            tally.bytes += size
            if matched == NOT_SENT:
                tally.not_subscribed += events
                continue
            tally.chunks += chunks
            tally.unmatched += events if matched in NOTHING else 0
            if self._archives_all or ARCHIVE in matched:
                tally.archived += events
                tally.archived_bytes += size
            for rule in matched:
                if rule != ARCHIVE:
                    tally.rules[rule] += events
            self._add_targets(matched, group, tally)

    def _add_targets(self, matched: Matched, group: list[int], tally: Tally) -> None:
        events, size, chunks, *units = group
        in_units = {CHUNK_BYTES: chunks, **dict(zip(self._units, units, strict=True))}
        for target, senders in self._definition.deliveries(matched).items():
            times = len(senders)
            came = TargetTally(events=events, deliveries=events * times)
            if target not in self._definition.inputs:
                own = in_units[self._definition.unit_bytes[target]]
                came.bytes, came.chunks, came.units = size * times, chunks * times, own * times
            tally.targets.setdefault(target, TargetTally()).add(came)

    def _count_inputs(self, tally: Tally, event: Event, matched: Matched) -> None:
        """Sizes of what `input` makes of an event: each has to be made."""
        definition = self._definition
        if not definition.inputs or not matched:
            return
        from gcbridge.study.input_transformer import transform_input  # noqa: PLC0415 - see Comparison

        for target, senders in definition.deliveries(matched).items():
            spec = definition.inputs.get(target)
            if spec is None:
                continue
            for rule in senders:
                text = transform_input(spec, event, definition.rule_arns[rule])
                size = len(text.encode(errors="surrogatepass"))
                unit = definition.unit_bytes[target]
                came = TargetTally(0, 0, size, -(-size // CHUNK_BYTES), -(-size // unit))
                tally.targets.setdefault(target, TargetTally()).add(came)

    def _compare(
        self, comparison: Comparison, event: Event, where: str, after: Matched, tally: Tally
    ) -> Matched:
        assert self._match_against is not None
        event.update(comparison.before.origin)
        sent = event.get("detail-type", "") in comparison.before.topics
        before = self._match_against(event) if sent else NOT_SENT
        event.update(self._origin)
        changes = comparison.changes(before, after)
        if changes.is_empty:
            return before
        place = (str(event.get("id", "")), where)
        for rule, kind in changes.rules:
            tally.rule_changes.setdefault(rule, ChangeTally()).note(kind, place)
        targets = list(changes.targets)
        targets += [
            (name, "altered") for name in changes.texts if comparison.alters(name, event, before, after)
        ]
        for target, kind in targets:
            tally.target_changes.setdefault(target, ChangeTally()).note(kind, place)
        tally.changed += bool(targets)
        return before

    def _add_before(self, pairs: dict[tuple[Matched, Matched], int], tally: Tally) -> None:
        """How many events each rule and target has under the other definition; of those it is not told of, none."""
        for (before, _), events in pairs.items():
            for rule in before:
                tally.rule_changes.setdefault(rule, ChangeTally()).before += events
            for target in self._comparison.before.deliveries(before) if self._comparison else ():
                tally.target_changes.setdefault(target, ChangeTally()).before += events


NOTHING = frozenset({(), (ARCHIVE,)})
"""What an event matches that no rule matches."""


FIRST_SECOND = datetime.min.replace(tzinfo=timezone.utc).timestamp()
LAST_SECOND = datetime.max.replace(tzinfo=timezone.utc, microsecond=0).timestamp()
"""With an offset, a time can lie outside the years 1 to 9999, and then no calendar shows it."""


def _size_of(event: Event) -> int:
    """Bytes as compact JSON.

    Orjson reads more than it writes, and Python's parser more still: 254 levels, 64 bits, whole surrogate pairs.
    """
    try:
        return len(orjson.dumps(event))
    except TypeError:
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        return len(text.encode(errors="surrogatepass"))


@lru_cache(maxsize=10_000)
def _parsed(time: str) -> float | None:
    try:
        moment = datetime.fromisoformat(time[:-1] + "+00:00" if time.endswith("Z") else time)
    except ValueError:
        return None
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    return seconds if FIRST_SECOND <= seconds <= LAST_SECOND else None


def seconds_of(time: object) -> float | None:
    """An event's `time` in seconds since 1970; None where it is none.

    >>> seconds_of("1970-01-01T00:01:00Z")
    60.0
    """
    return _parsed(time) if isinstance(time, str) else None
