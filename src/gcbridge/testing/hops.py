"""The way of a change as far as it is known, hop by hop, in the words of a failing test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gcbridge.model.bridge import Rule
from gcbridge.model.proof import CausedChange, Hop, HopStatus, WitnessSighting
from gcbridge.model.result import DeliveryObservation, MatchObservation
from gcbridge.model.target import AnyTarget
from gcbridge.routing import Router
from gcbridge.study.link_names import rule_hop, target_hop
from gcbridge.study.traffic.route import miss_of
from gcbridge.testing.events import ReadEvent

DELIVERED: dict[bool | None, HopStatus] = {True: "passed", False: "failed", None: "skipped"}


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and the change that it tells of."""

    change: CausedChange
    read: ReadEvent

    @property
    def seconds(self) -> float:
        """From the change to the moment that the probe had read the event."""
        return since(self.change, self.read.received_at)


def since(change: CausedChange, moment: datetime) -> float:
    """Seconds from a change; clocks differ, so what was before its cause counts as at the same time."""
    return round(max(0.0, (moment - change.accepted_at).total_seconds()), 3)


def accepted_hops(changes: Sequence[CausedChange]) -> Iterator[Hop]:
    """What Genesys Cloud accepted."""
    for change in changes:
        detail = f"{change.description}, {change.accepted_at:%H:%M:%S} UTC"
        yield Hop(name="accepted", status="passed", seconds=0.0, detail=detail)


def witness_hop(change: CausedChange, heard: Sequence[WitnessSighting], on_bus: bool) -> Hop:
    """What the notification service told of a change.

    Args:
        change: that was made.
        heard: what was heard of it.
        on_bus: the probe saw it, so that silence here proves nothing.
    """
    if not heard:
        return Hop(name="witness", status="skipped" if on_bus else "failed", detail="not heard")
    first = heard[0]
    how = "heard over the WebSocket" if first.source == "live" else "told by the API after a gap"
    return Hop(name="witness", status="passed", seconds=since(change, first.heard_at), detail=how)


def bus_hops(told: Sequence[Told], topics: Sequence[str], waited: float) -> Iterator[Hop]:
    """What the probe saw; one hop for each event, or one for silence.

    Args:
        told: events of the change.
        topics: topics that can tell of it.
        waited: seconds that were allowed.
    """
    for one in told:
        detail = f"event {one.read.id} on {one.read.detail_type}"
        yield Hop(name="event bus", status="passed", seconds=one.seconds, detail=detail)
    if not told:
        silence = f"not seen in {waited:g} s; it can come on {' or '.join(topics)}"
        yield Hop(name="event bus", status="failed", detail=silence)


def rule_row(
    rule: Rule, told: Sequence[Told], answers: Sequence[MatchObservation], *, wanted: bool = True
) -> Hop:
    """Whether a rule matches one of the events, and what kept it from doing so.

    Args:
        rule: that is asked about.
        told: the events.
        answers: what AWS said of them.
        wanted: whether the test wants it to match.
    """
    name = rule_hop(rule)
    matched: HopStatus = "passed" if wanted else "failed"
    unmatched: HopStatus = "failed" if wanted else "passed"
    if not told:
        return Hop(name=name, status="skipped", detail="no event to match")
    if not rule.enabled:
        return Hop(name=name, status=unmatched, detail="disabled, as declared: it matches nothing")
    for answer in answers:
        if answer.rule == rule.name and answer.matched:
            surprise = "" if answer.predicted in {None, True} else ", against the routing engine's prediction"
            return Hop(name=name, status=matched, detail=f"matches event {answer.event_id}{surprise}")
    return Hop(name=name, status=unmatched, detail="; ".join(_misses(rule, told)))


def _misses(rule: Rule, told: Sequence[Told]) -> list[str]:
    """Of the events on a topic that the rule asks for, else of all: why they do not match."""
    router = Router({rule.name: rule.pattern})
    of_its_topics = [one for one in told if one.read.detail_type in rule.topics] or told
    return [
        f"does not match: {miss_of(explanation)}" if explanation.misses else "AWS says that it does not match"
        for explanation in (router.explain(one.read.event, rule.name) for one in of_its_topics)
    ]


def target_rows(
    rule: Rule, target: AnyTarget, change: CausedChange, found: DeliveryObservation
) -> Iterator[Hop]:
    """What became of the event at the target, and in its dead-letter queue.

    Args:
        rule: that sent it.
        target: that was to have it.
        change: that it tells of.
        found: what was found.
    """
    seconds = since(change, found.seen_at) if found.delivered and found.seen_at else None
    status = DELIVERED[found.delivered]
    yield Hop(name=target_hop(rule, target), status=status, seconds=seconds, detail=found.detail)
    if found.error_code:
        name = f"dead-letter queue of target {target.name}"
        yield Hop(name=name, status="failed", detail=f"holds it: {found.error_code}")
