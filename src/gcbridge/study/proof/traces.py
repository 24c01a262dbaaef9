"""The way of each expected event, hop by hop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.proof import BusSighting, CausedChange, EventTrace, Hop, HopStatus, WitnessSighting
from gcbridge.model.result import DeliveryObservation, EventProof, MatchObservation, Observations
from gcbridge.study.link_names import rule_hop, target_hop
from gcbridge.study.proof.expected import expected_events
from gcbridge.study.proof.summary import ACCEPTED

WITNESS = "witness"
EVENT_BUS = "event bus"


def trace_events(bridge: Bridge, seen: Observations) -> tuple[EventTrace, ...]:
    """One trace for each change and each topic that has to tell of it.

    Args:
        bridge: whose rules and targets.
        seen: what was observed; nothing is read here.
    """
    if seen.proof is None:
        return ()
    follower = _Follower.of(bridge, seen)
    return tuple(follower.trace(*expected) for expected in expected_events(seen.proof))


@dataclass(frozen=True)
class _Follower:
    bridge: Bridge
    proof: EventProof
    heard: Mapping[tuple[int, str], WitnessSighting]
    audible: Mapping[str, str]
    """Topic -> why it cannot be heard; empty where it can."""
    rules: Mapping[str, Rule]
    matches: Mapping[str, Sequence[MatchObservation]]
    deliveries: Mapping[tuple[str, str, str], DeliveryObservation]

    @classmethod
    def of(cls, bridge: Bridge, seen: Observations) -> _Follower:
        assert seen.proof is not None
        witness = seen.witness
        by_event: dict[str, list[MatchObservation]] = defaultdict(list)
        for match in seen.matches:
            if match.matched or match.predicted:
                by_event[match.event_id].append(match)
        return cls(
            bridge,
            seen.proof,
            {(told.change, told.topic): told for told in witness.sightings} if witness else {},
            {**dict.fromkeys(witness.topics, ""), **witness.unheard} if witness else {},
            {rule.name: rule for rule in bridge.rules},
            by_event,
            {(one.rule, one.target, one.event_id): one for one in seen.deliveries},
        )

    def trace(self, change: CausedChange, topic: str, sighting: BusSighting | None) -> EventTrace:
        start = change.accepted_at
        accepted = Hop(name=ACCEPTED, status="passed", seconds=0.0, detail=change.description)
        hops = (accepted, *self._witness(change, topic, sighting), self._bus(start, sighting))
        return EventTrace(
            change=change.number,
            description=change.description,
            topic=topic,
            event_id=sighting.event_id if sighting else None,
            accepted_at=start,
            hops=(*hops, *(self._rules(start, sighting.event_id) if sighting else ())),
            copies=sighting.copies if sighting else 1,
        )

    def _witness(self, change: CausedChange, topic: str, sighting: BusSighting | None) -> Iterator[Hop]:
        if topic not in self.audible:
            return
        if reason := self.audible[topic]:
            yield Hop(name=WITNESS, status="skipped", detail=reason)
        elif told := self.heard.get((change.number, topic)):
            how = "heard over the WebSocket" if told.source == "live" else "told by the API after a gap"
            seconds = _since(change.accepted_at, told.heard_at)
            yield Hop(name=WITNESS, status="passed", seconds=seconds, detail=how)
        else:
            yield Hop(name=WITNESS, status="skipped" if sighting else "failed", detail="not heard")

    def _bus(self, start: datetime, sighting: BusSighting | None) -> Hop:
        if sighting is None:
            waited = f"not seen in {self.proof.waited_seconds:.0f} s"
            return Hop(name=EVENT_BUS, status="failed", detail=waited)
        copies = f", {sighting.copies} copies" if sighting.copies > 1 else ""
        return Hop(
            name=EVENT_BUS,
            status="passed",
            seconds=_since(start, sighting.received_at),
            detail=f"event {sighting.event_id}{copies}",
        )

    def _rules(self, start: datetime, event_id: str) -> Iterator[Hop]:
        for match in self.matches.get(event_id, ()):
            rule = self.rules[match.rule]
            as_predicted = match.predicted in (None, match.matched)
            said = "matches" if match.matched else "does not match"
            detail = said if as_predicted else f"{said}, against the routing engine's prediction"
            yield Hop(name=rule_hop(rule), status="passed" if as_predicted else "failed", detail=detail)
            if match.matched:
                for target in map(self.bridge.target, rule.targets):
                    found = self.deliveries.get((rule.name, target.name, event_id))
                    yield _target(target_hop(rule, target), start, found)


def _target(name: str, start: datetime, found: DeliveryObservation | None) -> Hop:
    if found is None:
        return Hop(name=name, status="skipped", detail="not followed")
    statuses: dict[bool | None, HopStatus] = {True: "passed", False: "failed", None: "skipped"}
    seconds = _since(start, found.seen_at) if found.delivered and found.seen_at else None
    return Hop(name=name, status=statuses[found.delivered], seconds=seconds, detail=found.detail)


def _since(start: datetime, moment: datetime) -> float:
    """Clocks of three worlds: what was before its cause counts as at the same time."""
    return round(max(0.0, (moment - start).total_seconds()), 3)
