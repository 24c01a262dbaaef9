"""Prints topics for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.model.topic import EACH_KEY, Topic, TopicCatalogue, TopicField, TopicRefresh

ENUM_SHOWN = 12
"""Values of a field that are written out; an audit has hundreds."""
LISTED = 10
"""Topics that a refresh names."""


def print_catalogue(catalogue: TopicCatalogue) -> None:
    """One line a topic; where the list comes from is said on stderr."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("topic", "EventBridge", "description"):
        table.add_column(column, overflow="fold")
    for topic in catalogue.topics:
        table.add_row(escape(topic.topic), _reach(topic), escape(topic.description))
    stdout_console().print(table)
    stderr_console().print(
        f"[dim]{len(catalogue.topics)} topics; {escape(catalogue.origin)}, {catalogue.taken_at[:10]}[/]",
        soft_wrap=True,
    )


def print_topic(topic: Topic) -> None:
    """What is known of one topic, and the paths that patterns can name."""
    out = stdout_console()
    facts = {
        "topic": topic.topic,
        "description": topic.description or "none",
        "transports": _texts(topic.transports),
        "permissions": _texts(topic.permissions),
        "known from": "gcbridge's snapshot" if topic.source == "bundled" else "the organization",
    }
    for name, value in facts.items():
        out.print(f"[dim]{name:12}[/] {escape(value)}", soft_wrap=True)
    out.print(f"[dim]{'EventBridge':12}[/] {_reach(topic)}")
    if topic.fields is None:
        out.print("[dim]its fields are not known[/]")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("field", "type", "values"):
        table.add_column(column, overflow="fold")
    for path, field in _leaves(topic.fields, "detail.eventBody"):
        table.add_row(escape(path), _type(field), escape(_values(field)))
    out.print(table)


def print_refresh(done: TopicRefresh) -> None:
    """What the organization said, and where it is kept."""
    out = stdout_console()
    out.print(
        f"[green]✓[/] {done.topics} topics, {done.eventbridge} of them over EventBridge, in {escape(done.file)}"
    )
    _print_some("new", "that gcbridge's own snapshot does not know", done.new)
    _print_some("not listed", "that the snapshot knows and the organization does not list", done.not_listed)


def _print_some(word: str, meaning: str, topics: tuple[str, ...]) -> None:
    if topics:
        more = f" and {len(topics) - LISTED} more" if len(topics) > LISTED else ""
        listed = ", ".join(topics[:LISTED])
        text = f"[bold]{word}:[/] {len(topics)} {meaning}: {escape(listed)}{more}"
        stdout_console().print(text, soft_wrap=True)


def _reach(topic: Topic) -> str:
    if topic.eventbridge is not None:
        return "[green]yes[/]" if topic.eventbridge else f"[red]no[/] ({escape(_texts(topic.transports))})"
    return "seen" if topic.seen_over_eventbridge else "[dim]unknown[/]"


def _texts(values: tuple[str, ...] | None) -> str:
    return "unknown" if values is None else ", ".join(values) or "none"


def _leaves(fields: Mapping[str, TopicField], above: str) -> Iterator[tuple[str, TopicField]]:
    for name, field in fields.items():
        path = f"{above}.{name}"
        if field.type == "object" and field.fields:
            yield from _leaves(field.fields, path)
        else:
            yield path, field


def _type(field: TopicField) -> str:
    inner = f" of {_type(field.fields[EACH_KEY])}" if field.type == "map" else ""
    return f"{'list of ' if field.is_list else ''}{field.type}{inner}"


def _values(field: TopicField) -> str:
    shown = ", ".join(field.enum[:ENUM_SHOWN])
    more = len(field.enum) - ENUM_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
