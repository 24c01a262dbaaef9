"""Prints what rules and triggers do with an event: those that match first, then those that nearly did."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.model.route import EventRoute, FieldFinding, MatchedRule, TriggerRoute, UnmatchedRule

LISTED_MAX = 20
"""Rules that do not match are all listed up to this number; beyond it, those for other topics are counted."""


def print_route_as_json(route: EventRoute) -> None:
    """One line, so that any number of events can be printed as they come."""
    sys.stdout.write(route.model_dump_json() + "\n")
    sys.stdout.flush()


def print_route(route: EventRoute, out: Console, *, explain: bool) -> None:
    """One event, and what each rule and trigger does with it."""
    place = f" [dim]({escape(route.where)})[/]" if route.where else ""
    out.print(f"[bold]{escape(route.detail_type)}[/] event {escape(route.event_id)}{place}", soft_wrap=True)
    _print_origin(route, out)
    for rule in route.rules:
        _print_matched(rule, out)
    if not route.rules:
        out.print("  [yellow]no rule matches[/]")
    _print_unmatched(route.unmatched, out, explain=explain)
    for trigger in route.triggers:
        _print_trigger(trigger, out)


def _print_origin(route: EventRoute, out: Console) -> None:
    if route.replaced:
        was = ", ".join(f"{name} {value}" for name, value in route.replaced.items())
        out.print(
            f"  [cyan]·[/] routed as if it came from this bridge; it says {escape(was)}", soft_wrap=True
        )
    if route.added:
        out.print(f"  [cyan]·[/] filled in: {', '.join(route.added)}", soft_wrap=True)


def _print_matched(rule: MatchedRule, out: Console) -> None:
    if not rule.enabled:
        out.print(f"  [yellow]-[/] {escape(rule.rule)} matches, but is disabled: it delivers nothing")
    else:
        out.print(f"  [green]✓[/] [bold]{escape(rule.rule)}[/]")
    for delivery in rule.deliveries:
        what = "the whole event" if delivery.whole_event else delivery.text
        out.print(
            f"      -> {escape(delivery.target)} [dim]({delivery.type})[/] receives {escape(what)}",
            soft_wrap=True,
        )
    _print_fields(rule.fields, out)


def _print_unmatched(rules: Iterable[UnmatchedRule], out: Console, *, explain: bool) -> None:
    rules = list(rules)
    others = [rule for rule in rules if rule.other_topic]
    folded = len(rules) > LISTED_MAX and not explain
    for rule in rules:
        if folded and rule.other_topic:
            continue
        disabled = "" if rule.enabled else " (disabled)"
        out.print(f"  [red]✗[/] {escape(rule.rule)}{disabled}: {escape(rule.miss)}", soft_wrap=True)
        _print_fields(rule.fields, out)
    if folded and others:
        out.print(f"  [red]✗[/] {len(others)} rules ask for other topics; --explain lists them")


def _print_trigger(trigger: TriggerRoute, out: Console) -> None:
    name = escape(trigger.trigger)
    if trigger.starts:
        out.print(f"  [green]✓[/] trigger [bold]{name}[/]{_timing(trigger)}", soft_wrap=True)
        out.print(
            f"      -> {escape(trigger.workflow)} [dim]({trigger.data_format})[/] starts with {escape(_as_json(trigger.input))}",
            soft_wrap=True,
        )
    elif trigger.matched:
        out.print(f"  [yellow]-[/] trigger {name} matches, but is disabled: it starts nothing")
    else:
        disabled = "" if trigger.enabled else " (disabled)"
        out.print(f"  [red]✗[/] trigger {name}{disabled}: {escape(trigger.miss)}", soft_wrap=True)
    _print_fields(trigger.fields, out)


def _timing(trigger: TriggerRoute) -> str:
    if trigger.ttl_seconds is not None:
        return f", while the event is at most {trigger.ttl_seconds} s old"
    return f", {trigger.delay_seconds} s later" if trigger.delay_seconds is not None else ""


def _print_fields(fields: Iterable[FieldFinding], out: Console) -> None:
    fields = tuple(fields)
    if not fields:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title in ("      field", "wanted", "found"):
        table.add_column(title, overflow="fold", header_style="dim")
    for field in fields:
        mark = "[green]✓[/]" if field.matched else "[red]✗[/]"
        found = ", ".join(_as_json(value) for value in field.found) or "nothing"
        miss = f"\n{field.nearest_miss}" if field.nearest_miss else ""
        table.add_row(
            f"      {mark} {escape(field.path)}", escape(" or ".join(field.wanted)), escape(found + miss)
        )
    out.print(table)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
