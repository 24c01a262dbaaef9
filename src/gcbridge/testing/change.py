"""A change, and what a test says of its events: on the bus, matched by a rule, in a target, or not."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence

from gcbridge.model.bridge import Rule
from gcbridge.model.proof import CausedChange, Hop
from gcbridge.model.result import DeliveryObservation, MatchObservation
from gcbridge.model.target import AnyTarget
from gcbridge.study.input_transformer import transform_input
from gcbridge.testing.events import Arrival, ReadEvent
from gcbridge.testing.failures import ArrivalError
from gcbridge.testing.hops import (
    Told,
    accepted_hops,
    bus_hops,
    rule_row,
    since,
    target_rows,
    witness_hop,
)
from gcbridge.testing.naming import find_rule, find_target, find_topic
from gcbridge.testing.proof import Proof

Wanted = Callable[[Told], bool]


class Change:
    """Something that happened in Genesys Cloud, of which events tell.

    Every assertion takes `within`, the seconds since the change (default: `verify.timeout_seconds` of the environment), and
    `topic`, where only the event on that topic template counts. Each raises `ArrivalError`, an AssertionError, with
    the way of the event hop by hop and the first broken link of the bridge; and UsageError where the environment
    has no rule or target of that name, or the change is not told on that topic.

    Args:
        proof: reads and asks.
        changes: one, or several that belong together.
        made_at: instant of `time.monotonic` from which `within` counts.
        events_of: the events that tell of a change.
    """

    def __init__(
        self,
        proof: Proof,
        changes: Sequence[CausedChange],
        made_at: float,
        events_of: Callable[[CausedChange], Sequence[ReadEvent]],
    ) -> None:
        self._proof = proof
        self._changes = tuple(changes)
        self._made_at = made_at
        self._events_of = events_of
        self._way: tuple[Hop, ...] = ()

    def __repr__(self) -> str:
        return f"<Change: {self.description}>"

    @property
    def description(self) -> str:
        """One clause, such as `presence of Ada set to Busy`."""
        return "; ".join(change.description for change in self._changes)

    @property
    def topics(self) -> tuple[str, ...]:
        """Topic templates that can tell of it."""
        return tuple(dict.fromkeys(topic for change in self._changes for topic in change.topics))

    @property
    def events(self) -> tuple[ReadEvent, ...]:
        """Its events that were read so far, oldest first."""
        self._proof.wait(lambda: False, time.monotonic())
        return tuple(told.read for told in self._told(None))

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Its way as far as the last assertion followed it; without one, as far as the event bus."""
        return self._way or self._hops(time.monotonic() - self._made_at, None)

    def reaches_bus(self, *, within: float | None = None, topic: str | None = None) -> Arrival:
        """An event of it is on the event bus in time."""
        __tracebackhide__ = True
        limit = self._limit(within)
        told = self._first(lambda _: True, limit, topic)
        hops = self._hops(limit, topic)
        if told is None:
            raise self._failure(f"not on the event bus within {limit:g} s", hops)
        if told.seconds > limit:
            late = f"on the event bus after {told.seconds:.2f} s; {limit:g} s are allowed"
            raise self._failure(late, hops)
        return self._arrival(Arrival(told.read.event, told.seconds, hops))

    def matches(self, rule: str, *, within: float | None = None, topic: str | None = None) -> Arrival:
        """A rule matches an event of it, as AWS itself says; the rule may send it nowhere."""
        __tracebackhide__ = True
        limit, wanted = self._limit(within), find_rule(self._proof.bridge, rule)
        told = self._first(lambda one: self._is_matched(one, wanted), limit, topic)
        hops = (*self._hops(limit, topic), self._rule_row(wanted, topic))
        if told is None:
            raise self._failure(f"rule {rule} matches no event of it within {limit:g} s", hops)
        self._check_deployed([wanted], hops)
        return self._arrival(Arrival(told.read.event, told.seconds, hops, rule=rule))

    def does_not_match(self, rule: str, *, within: float | None = None, topic: str | None = None) -> Change:
        """No event of it is matched by the rule, as AWS itself says of each event that could be."""
        __tracebackhide__ = True
        wanted = find_rule(self._proof.bridge, rule)
        self._check_unmatched([wanted], f"rule {rule} matches it", within, topic)
        return self

    def arrives(self, at: str, *, within: float | None = None, topic: str | None = None) -> Arrival:
        """An event of it is in the target: it was found there, or the event bus's own log says so."""
        __tracebackhide__ = True
        limit, target = self._limit(within), find_target(self._proof.bridge, at)
        rules = self._rules_of(target)
        told = self._first(lambda one: self._matching(one, rules) is not None, limit, topic)
        if told is None:
            raise self._unsent(target, limit, topic)
        rule = self._matching(told, rules)
        assert rule is not None
        found = self._proof.follow(told.read.event, rule, target, self._made_at + limit)
        return self._arrived(told, rule, target, found, limit)

    def does_not_arrive(self, at: str, *, within: float | None = None, topic: str | None = None) -> Change:
        """No rule that sends to the target matches an event of it: a fact, so nobody has to wait for nothing to come."""
        __tracebackhide__ = True
        target = find_target(self._proof.bridge, at)
        self._check_unmatched(self._rules_of(target), f"a rule sends it to target {at}", within, topic)
        return self

    # Waiting and asking.

    def _limit(self, within: float | None) -> float:
        return float(self._proof.bridge.verify.timeout_seconds if within is None else within)

    def _told(self, topic: str | None) -> list[Told]:
        return [
            Told(change, read)
            for change in self._changes
            for read in self._events_of(change)
            if topic in {None, read.detail_type}
        ]

    def _first(self, is_wanted: Wanted, limit: float, topic: str | None) -> Told | None:
        """Waits no longer than until every event that can come has come."""

        def found() -> Told | None:
            return next((one for one in self._told(topic) if is_wanted(one)), None)

        def is_enough() -> bool:
            return found() is not None or not self._unseen(self._topics(topic))

        self._proof.wait(is_enough, self._made_at + limit)
        return found()

    def _unseen(self, topics: Collection[str]) -> list[str]:
        """Of these topics, those on which an event of a change is still to come."""
        seen = {(one.change.number, one.read.detail_type) for one in self._told(None)}
        return sorted(
            {
                topic
                for change in self._changes
                for topic in change.topics
                if topic in topics and (change.number, topic) not in seen
            }
        )

    def _rules_of(self, target: AnyTarget) -> list[Rule]:
        return [rule for rule in self._proof.bridge.rules if target.name in rule.targets]

    def _is_matched(self, told: Told, rule: Rule) -> bool:
        return any(one.rule == rule.name and one.matched for one in self._proof.matches(told.read.event))

    def _matching(self, told: Told, rules: Sequence[Rule]) -> Rule | None:
        return next((rule for rule in rules if self._is_matched(told, rule)), None)

    def _check_unmatched(
        self, rules: Sequence[Rule], summary: str, within: float | None, topic: str | None
    ) -> None:
        __tracebackhide__ = True
        limit, topics = self._limit(within), self._topics(topic)
        needed = {one for one in topics if any(_could_match(rule, one) for rule in rules)}

        def is_matched() -> bool:
            return any(self._matching(one, rules) for one in self._told(topic))

        def is_enough() -> bool:
            return is_matched() or bool(self._told(topic) and not self._unseen(needed))

        self._proof.wait(is_enough, self._made_at + limit)
        rows = (self._rule_row(rule, topic, wanted=False) for rule in rules)
        self._way = hops = (*self._hops(limit, topic), *rows)
        if is_matched():
            raise self._failure(summary, hops)
        silent = self._unseen(needed if self._told(topic) else topics)
        if silent:
            untold = f"it cannot be told: nothing came on {' or '.join(silent)} within {limit:g} s"
            raise self._failure(untold, hops)
        self._check_deployed(rules, hops)

    def _check_deployed(self, rules: Sequence[Rule], hops: Sequence[Hop]) -> None:
        """AWS is asked about the pattern that was declared, which is no answer where the rule in AWS is another."""
        __tracebackhide__ = True
        for rule in rules:
            broken = self._proof.broken_rule(rule)
            if broken is not None:
                other = (
                    f"it cannot be told: rule {rule.name} in AWS is not the declared one: {broken.observed}"
                )
                raise self._failure(other, hops)

    def _topics(self, topic: str | None) -> tuple[str, ...]:
        """Where an event of it can come; to wait for one elsewhere would fail always, and deny it pass always."""
        return self.topics if topic is None else (find_topic(self.topics, topic),)

    # Telling.

    def _arrived(
        self, told: Told, rule: Rule, target: AnyTarget, found: DeliveryObservation, limit: float
    ) -> Arrival:
        __tracebackhide__ = True
        rows = target_rows(rule, target, told.change, found)
        hops = (*self._hops(limit, told.read.detail_type), self._rule_row(rule, told.read.detail_type), *rows)
        if found.delivered is None:
            raise self._failure(f"nobody can tell whether it is in target {target.name}", hops)
        if not found.delivered:
            raise self._failure(f"not in target {target.name}", hops)
        seconds = since(told.change, found.seen_at) if found.seen_at else None
        if max(seconds or 0.0, told.seconds) > limit:
            late = f"in target {target.name} after {max(seconds or 0.0, told.seconds):.2f} s; {limit:g} s are allowed"
            raise self._failure(late, hops)
        payload = transform_input(target.input, told.read.event, rule.arn)
        return self._arrival(Arrival(told.read.event, seconds, hops, rule.name, target.name, payload))

    def _unsent(self, target: AnyTarget, limit: float, topic: str | None) -> ArrivalError:
        rows = [self._rule_row(rule, topic) for rule in self._rules_of(target)]
        place = Hop(name=f"target {target.name}", status="skipped", detail="no rule sent anything to it")
        hops = (*self._hops(limit, topic), *rows, place)
        if not self._told(topic):
            return self._failure(
                f"not in target {target.name}: not even on the event bus within {limit:g} s", hops
            )
        return self._failure(f"not in target {target.name}: no rule sends it there", hops)

    def _arrival(self, arrival: Arrival) -> Arrival:
        self._way = arrival.hops
        return arrival

    def _failure(self, summary: str, hops: Sequence[Hop]) -> ArrivalError:
        self._way = tuple(hops)
        return ArrivalError(f"{self.description}: {summary}", hops, self._proof.first_broken())

    def _hops(self, limit: float, topic: str | None) -> tuple[Hop, ...]:
        told = self._told(topic)
        return (
            *accepted_hops(self._changes),
            *self._witness_hops(),
            *bus_hops(told, self._topics(topic), limit),
        )

    def _witness_hops(self) -> Iterator[Hop]:
        for change in self._changes:
            heard = self._proof.heard_of(change)
            if heard is not None:
                yield witness_hop(change, heard, on_bus=bool(self._events_of(change)))

    def _rule_row(self, rule: Rule, topic: str | None, *, wanted: bool = True) -> Hop:
        told = self._told(topic)
        answers = [answer for one in told for answer in self._answers(one)]
        return rule_row(rule, told, answers, wanted=wanted)

    def _answers(self, told: Told) -> Sequence[MatchObservation]:
        return self._proof.matches(told.read.event)


def _could_match(rule: Rule, topic: str) -> bool:
    return rule.enabled and (not rule.topics or topic in rule.topics)
