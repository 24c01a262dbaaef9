"""Events a second through gcbridge's Router and through ministack's matcher, on the same rules and events.

    .venv/bin/python bench/routing.py

Single thread, parsed events, medians of several rounds. Both must name the same rules for every event.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import eventbridge
from rich.console import Console
from rich.table import Table
from traffic import Traffic

from gcbridge.routing import Router

ROUNDS = 7
RULE_COUNTS = {1: 20_000, 300: 2_000, 3_000: 200}
"""Rules -> events that ministack is given; gcbridge gets ten times as many."""

Event = dict[str, Any]
Matcher = Callable[[Event], Iterable[str]]


def gcbridge_matcher(rules: dict[str, Any]) -> Matcher:
    """gcbridge's own."""
    return Router(rules).match


def ministack_matcher(rules: dict[str, Any]) -> Matcher:
    """What the emulated event bus does with every event, compiled patterns and parsed events given to it."""
    compiled = {name: eventbridge._compiled_pattern(json.dumps(pattern)) for name, pattern in rules.items()}

    def match(event: Event) -> list[str]:
        view = eventbridge._EventView({k: v for k, v in event.items() if k != "detail"}, "")
        view._with_detail = event
        return [
            name
            for name, alternatives in compiled.items()
            if any(eventbridge._matches_alternative(view, alternative) for alternative in alternatives)
        ]

    return match


def events_per_second(match: Matcher, events: list[Event]) -> float:
    """The median of several rounds, after one that compiles and warms up."""
    for event in events:
        match(event)
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for event in events:
            match(event)
        rates.append(len(events) / (time.perf_counter() - started))
    return statistics.median(rates)


def main() -> None:
    """Measure and print."""
    table = Table(title=f"events a second, medians of {ROUNDS} rounds")
    for column in (
        "rules",
        "gcbridge",
        "ministack",
        "times ministack",
        "times Ruler (JVM)",
        "matches an event",
    ):
        table.add_column(column, justify="right")
    for rule_count, event_count in RULE_COUNTS.items():
        traffic = Traffic(seed=rule_count)
        rules = traffic.rules(rule_count)
        events = list(traffic.events(event_count * 10))
        ours, theirs = gcbridge_matcher(rules), ministack_matcher(rules)
        matched = 0
        for event in events[:event_count]:
            names = tuple(ours(event))
            assert names == tuple(theirs(event)), event
            matched += len(names)
        own, other = events_per_second(ours, events), events_per_second(theirs, events[:event_count])
        table.add_row(
            f"{rule_count:,}",
            f"{own:,.0f}",
            f"{other:,.0f}",
            f"{own / other:.1f}",
            f"{matched / event_count:.1f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
