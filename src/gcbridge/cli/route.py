"""The command route: what rules and triggers of an environment do with recorded events."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import EnvironmentName, session_of
from gcbridge.cli.route_printing import print_route, print_route_as_json
from gcbridge.errors import ExitCode, UsageError
from gcbridge.model.route import EventRoute
from gcbridge.workflows.route import route_files

STDIN = "-"

EventFiles = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[EVENT...]",
        help="Files of events: JSON, JSON Lines, gzip of either; `-` is stdin. Default: stdin.",
        show_default=False,
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show every field of every rule: wanted, found, what nearly fitted.")
]
KeepSource = Annotated[
    bool,
    typer.Option(
        "--keep-source",
        help="Take source, account and region literally. Otherwise each event is taken for one of this bridge.",
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit 1 if an event would reach no target and start no workflow.")
]
JsonLines = Annotated[bool, typer.Option("--json", help="Print JSON Lines: one object for each event.")]


@dataclass
class _Count:
    """How many events there were, and how many of them reached no target and started no workflow."""

    events: int = 0
    lost: int = 0
    has_triggers: bool = False

    def add(self, route: EventRoute) -> None:
        self.events += 1
        self.lost += not route.reaches_something
        self.has_triggers |= bool(route.triggers)


def route_command(
    context: typer.Context,
    name: EnvironmentName,
    files: EventFiles = None,
    *,
    explain: Explain = False,
    keep_source: KeepSource = False,
    strict: Strict = False,
    json_: JsonLines = False,
) -> None:
    """Show which rules, targets and triggers events would reach, what each receives, and why not the rest; offline."""
    environment = session_of(context).environment(name)
    _check_input(name, files)
    count, out = _Count(), stdout_console()
    routes = route_files(
        environment, files or [STDIN], sys.stdin.buffer, keep_source=keep_source, explain=explain
    )
    for route in routes:
        count.add(route)
        if json_:
            print_route_as_json(route)
        else:
            print_route(route, out, explain=explain)
        if out.quiet:  # nobody reads any more
            return
    _tell(count, strict=strict)
    if strict and count.lost:
        raise typer.Exit(ExitCode.FAILED)


def _check_input(name: str, files: list[str] | None) -> None:
    if not files and sys.stdin.isatty():
        raise UsageError(
            "nothing says which events", hint=f"gcbridge route {name} EVENT.json, or pipe events into it"
        )


def _tell(count: _Count, *, strict: bool) -> None:
    if count.events == 1 and not (strict and count.lost):
        return
    out = stderr_console()
    if not count.events:
        out.print("[yellow]![/] there was no event to route")
        return
    events = "1 event" if count.events == 1 else f"{count.events} events"
    no_target = (
        "would reach no target and start no workflow" if count.has_triggers else "would reach no target"
    )
    something = "reach a target or start a workflow" if count.has_triggers else "reach a target"
    lost = f"{count.lost} of them {no_target}" if count.lost else f"each would {something}"
    out.print(f"{'[red]✗[/]' if strict and count.lost else '[cyan]·[/]'} {events}; {lost}")
