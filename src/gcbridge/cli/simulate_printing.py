"""Prints a simulation for people: what was read, where it goes, what a month costs, what changes."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stdout_console
from gcbridge.model.replay import shown
from gcbridge.model.simulation import (
    Change,
    ChangedEvent,
    CostEstimate,
    CostLine,
    Difference,
    Price,
    Simulation,
    TargetDeclaration,
    TrafficSpan,
)

TOPICS_SHOWN = 20
"""Topics in the table; JSON has them all."""


def print_simulation(found: Simulation) -> None:
    """All of it on stdout."""
    out = stdout_console()
    _print_head(out, found)
    _print_traffic(out, found)
    if found.cost is None:
        out.print(_no_cost(found.span), soft_wrap=True)
    else:
        _print_cost(out, found.cost, found.span)
    if found.difference is not None:
        _print_difference(out, found.difference, found.environment, found.events)
    _print_damaged(out, found)


def _print_head(out: Console, found: Simulation) -> None:
    rate = f"{found.seconds:.1f} s, {found.events_per_second:,.0f} events a second"
    out.print(f"[bold]{_count(found.events, 'event')}[/], {_size(found.bytes)} [dim]({rate})[/]")
    share = f"{found.unmatched_share:.1%}"
    mark = "[yellow]" if found.unmatched else "[green]"
    out.print(f"{mark}{_count(found.unmatched, 'event')}[/] ({share}) match no rule of {found.environment}")
    if found.not_subscribed:
        out.print(
            f"[yellow]![/] {_count(found.not_subscribed, 'event')} are of topics that {found.environment} does not "
            f"subscribe to: they would not be sent",
            soft_wrap=True,
        )
    if found.other_source_events:
        named = ", ".join(found.other_sources)
        out.print(
            f"[yellow]![/] {_count(found.other_source_events, 'event')} had another source, and were taken for "
            f"this bridge's own: {escape(named)}",
            soft_wrap=True,
        )


def _print_traffic(out: Console, found: Simulation) -> None:
    rules = [
        (
            rule.name if rule.enabled else f"{rule.name} (disabled)",
            f"{rule.events:,}",
            _of(rule.events, found),
        )
        for rule in found.rules
    ]
    _print_table(out, ("rule", "events", "of all"), rules)
    targets = [
        (target.name, target.type, f"{target.events:,}", f"{target.deliveries:,}", _size(target.bytes))
        for target in found.targets
    ]
    _print_table(out, ("target", "type", "events", "deliveries", "delivered"), targets)
    topics = [
        (
            topic.detail_type or "(none)",
            f"{topic.events:,}",
            f"{topic.unmatched:,}" if topic.subscribed else "not subscribed",
        )
        for topic in found.topics[:TOPICS_SHOWN]
    ]
    _print_table(out, ("topic", "events", "match no rule"), topics)
    rest = sum(topic.events for topic in found.topics[TOPICS_SHOWN:]) + found.topics_not_listed
    if rest:
        out.print(f"[dim]{_count(rest, 'event')} of further topics; --json lists them[/]")


def _print_cost(out: Console, cost: CostEstimate, span: TrafficSpan) -> None:
    lines = [
        (line.item, f"{line.units:,.2f} {line.price.unit}", _priced(line), _usd(line)) for line in cost.lines
    ]
    out.print()
    out.print(f"[bold]cost of {cost.days} days: about ${cost.total_usd:,.2f}[/], from {_said(span)}")
    _print_table(out, ("what", "in a month", "price", "US dollars"), lines, gap=False)
    given = [line.price.name for line in cost.lines if not line.price.published]
    but = f", except {', '.join(dict.fromkeys(given))}" if given else ""
    where = "" if cost.region == cost.price_region else f"; the bridge is in {cost.region}"
    out.print(
        f"[dim]prices of {cost.price_region}{but}, as published between {_dates(cost)}{where}; "
        "--price NAME=USD changes one[/]",
        soft_wrap=True,
    )
    out.print(f"[dim]not in it: {escape('; '.join(cost.left_out))}[/]", soft_wrap=True)


def _dates(cost: CostEstimate) -> str:
    dates = sorted(line.price.published for line in cost.lines if line.price.published) or ["-"]
    return f"{dates[0]} and {dates[-1]}"


def _priced(line: CostLine) -> str:
    price = line.price
    return f"{price.name} {_rate(price)}" if price.usd is not None else f"{price.name}: not estimated"


def _rate(price: Price) -> str:
    per = {1: "each", 1_000_000: "a million"}.get(price.per, f"for {price.per:,}")
    return f"${price.usd:g} {per}"


def _usd(line: CostLine) -> str:
    return "-" if line.usd is None else f"{line.usd:,.2f}"


def _said(span: TrafficSpan) -> str:
    if span.days_from == "option":
        return f"--days {span.days:g}"
    assert span.first is not None
    assert span.last is not None
    assert span.days is not None
    length = f"{span.days:.1f} days" if span.days >= 1 else f"{span.days * 24:.1f} hours"
    return f"{length} of events ({shown(span.first)} to {shown(span.last)})"


def _no_cost(span: TrafficSpan) -> str:
    why = "the events have no time" if span.first is None else "the events cover less than a minute"
    return f"\n[yellow]no cost is estimated[/]: {why}; say how many days they cover with --days"


def _print_difference(out: Console, difference: Difference, environment: str, events: int) -> None:
    out.print()
    against = escape(difference.against)
    for target in difference.declarations:
        _print_declaration(out, target, against)
    if not (difference.targets or difference.rules):
        where = "to targets of the same names" if difference.declarations else "where it went"
        out.print(f"[green]✓[/] against {against}: every event goes {where}, as what it was")
        return
    out.print(
        f"[bold]against {against}[/]: with {environment} as it is, {difference.events:,} of "
        f"{_count(events, 'event')} would arrive elsewhere or otherwise",
        soft_wrap=True,
    )
    for change in difference.targets:
        _print_change(out, change)
    if difference.rules:
        rows = [
            (change.name, f"{change.before:,}", f"{change.after:,}", f"{change.lost:,}", f"{change.gained:,}")
            for change in difference.rules
        ]
        _print_table(out, ("rule", "matched", "would match", "loses", "gains"), rows)


def _print_declaration(out: Console, target: TargetDeclaration, against: str) -> None:
    more = f", and {target.keys - 1} more of its values" if target.keys > 1 and target.key != "type" else ""
    out.print(
        f"[yellow]~[/] {escape(target.name)} is another target than in {against}: {target.key} "
        f"{escape(target.before)} -> {escape(target.after)}{more}",
        soft_wrap=True,
    )


def _print_change(out: Console, change: Change) -> None:
    name = escape(change.name)
    if change.lost:
        _print_sentence(
            out, f"[red]-[/] {name} would lose {_part(change.lost, change.before)}", change.first_lost
        )
    if change.gained:
        gained = f"{change.gained:,} to {_count(change.before, 'event')}"
        _print_sentence(out, f"[green]+[/] {name} would gain {gained}", change.first_gained)
    if change.altered:
        altered = _part(change.altered, change.before)
        text = f"[yellow]~[/] {name} would receive {altered} with another text or another number of times"
        _print_sentence(out, text, change.first_altered)


def _print_sentence(out: Console, sentence: str, first: tuple[ChangedEvent, ...]) -> None:
    out.print(f"{sentence}; first {len(first)} shown:", soft_wrap=True)
    for event in first:
        out.print(f"    {escape(event.id or '(no id)')} [dim]{escape(event.where)}[/]", soft_wrap=True)


def _part(part: int, of: int) -> str:
    return f"{part:,} of {_count(of, 'event')}"


def _print_damaged(out: Console, found: Simulation) -> None:
    if not found.damaged:
        return
    out.print()
    texts = "1 text is" if found.damaged == 1 else f"{found.damaged:,} texts are"
    out.print(f"[red]✗ {texts} damaged[/], and counted nowhere; --ignore-damaged accepts that")
    for damaged in found.first_damaged:
        out.print(f"    {escape(damaged.where)}: {escape(damaged.problem)}", soft_wrap=True)


def _print_table(
    out: Console, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, gap: bool = True
) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in columns:
        numeric = column not in {"rule", "target", "type", "topic", "what", "price"}
        table.add_column(column, overflow="fold", justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    if gap:
        out.print()
    out.print(table)


def _of(events: int, found: Simulation) -> str:
    return f"{events / found.events:.1%}" if found.events else "-"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size} bytes"
