"""The command tail: events of an event bus, as they come; with --compare beside those of the notification service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from gcbridge.cli.comparison_printing import comparison_lines
from gcbridge.cli.console import stderr_console
from gcbridge.cli.context import EnvironmentName, Session, session_of
from gcbridge.cli.event_printing import EventLines, Out
from gcbridge.cli.listen import (
    Displace,
    Duration,
    Filter,
    JsonLines,
    Whole,
    end_as,
    print_kept_back,
)
from gcbridge.errors import UsageError
from gcbridge.workflows.compare import compare
from gcbridge.workflows.event_stream import Ending
from gcbridge.workflows.tail import TailRequest, TailResult, tail

GRACE = "30s"

RuleName = Annotated[
    str | None,
    typer.Option("--rule", help="Only what this rule matches. Default: every event of the source."),
]
Compare = Annotated[
    bool, typer.Option("--compare", help="Show both ways side by side, and count what only one of them saw.")
]
Grace = Annotated[
    str | None,
    typer.Option(
        "--grace", metavar="TIME", help=f"With --compare: how much later a way may be. Default: {GRACE}."
    ),
]


def tail_command(
    context: typer.Context,
    name: EnvironmentName,
    *,
    rule: RuleName = None,
    duration: Duration = None,
    filter_: Filter = None,
    compare_: Compare = False,
    grace: Grace = None,
    displace: Displace = False,
    whole: Whole = False,
    json_: JsonLines = False,
) -> None:
    """Print events as they come to the event bus, through a temporary rule and queue; both are removed at the end."""
    _check_fit(name, {"--whole": whole} if compare_ else {"--grace": grace, "--displace": displace}, compare_)
    session, request = session_of(context), TailRequest(rule, filter_, duration)
    if compare_:
        ending = _compare(session, name, request, grace=grace or GRACE, displace=displace, json_=json_)
    else:
        ending = _tail(session, name, request, EventLines(Out(), as_json=json_, whole=whole))
    end_as(ending)


def _check_fit(name: str, given: Mapping[str, object], compare_: bool) -> None:
    for option in (option for option, value in given.items() if value):
        raise UsageError(
            f"{option} means nothing {'with' if compare_ else 'without'} --compare",
            hint=f"gcbridge tail {name}{' --compare --json has events whole' if compare_ else f' --compare {option}'}",
        )


def _tail(session: Session, name: str, request: TailRequest, lines: EventLines) -> Ending:
    with session.rooms() as rooms:
        result = tail(rooms, session.environment(name, any_topic=True), request, lines)
    if result.ending != "unread":
        _print_end(result)
    return result.ending


def _print_end(result: TailResult) -> None:
    seen = result.sieve.passed + result.sieve.kept_back
    events = f"{seen:,} event{'' if seen == 1 else 's'}"
    copies = f"; {result.copies} of them came again" if result.copies else ""
    stderr_console().print(f"[green]✓[/] saw {events} in {result.seconds:.0f} s{copies}", soft_wrap=True)
    print_kept_back(result.sieve)


def _compare(
    session: Session, name: str, request: TailRequest, *, grace: str, displace: bool, json_: bool
) -> Ending:
    lines = comparison_lines(Out(), as_json=json_)
    with session.rooms() as rooms:
        environment = session.environment(name, any_topic=True)
        result = compare(rooms, environment, request, lines, grace=grace, displace=displace)
    if result.ending != "unread":
        lines.show_summary(result.summary)
        print_kept_back(result.sieve)
    return result.ending
