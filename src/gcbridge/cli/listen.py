"""The command listen: events of the notification service, as they come."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from gcbridge.cli.console import stderr_console
from gcbridge.cli.context import EnvironmentName, session_of
from gcbridge.cli.event_printing import NotificationLines, Out
from gcbridge.errors import ExitCode
from gcbridge.model.notification import ListenSummary
from gcbridge.workflows.event_stream import Ending, Sieve
from gcbridge.workflows.listen import ListenRequest, ListenResult, listen

Topics = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TOPIC...]",
        help="Topics: templates such as v2.users.{id}.presence, which stand for every object there is, or with ids. "
        "Default: those of the environment.",
        show_default=False,
    ),
]
JsonLines = Annotated[bool, typer.Option("--json", help="Print JSON Lines: one object for each event.")]
Whole = Annotated[bool, typer.Option("--whole", help="Print each event whole below its line.")]
Duration = Annotated[
    str | None, typer.Option("--for", metavar="TIME", help="How long: 30s, 10m, 2h. Default: until Ctrl-C.")
]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter",
        metavar="JMESPATH",
        help="Print only events of which this is true, such as eventBody.action == 'Delete'.",
    ),
]
Displace = Annotated[
    bool,
    typer.Option("--displace", help="Take a channel away from another program where all twenty are taken."),
]


def listen_command(
    context: typer.Context,
    name: EnvironmentName,
    topics: Topics = None,
    *,
    duration: Duration = None,
    filter_: Filter = None,
    displace: Displace = False,
    whole: Whole = False,
    json_: JsonLines = False,
) -> None:
    """Print events as they come over the notification service (WebSocket); gaps are filled through the API."""
    session = session_of(context)
    environment = session.environment(name, any_topic=True)
    request = ListenRequest(tuple(topics or ()), filter_, duration, displace)
    lines = NotificationLines(Out(), as_json=json_, whole=whole)
    with session.rooms() as rooms:
        result = listen(rooms, environment, request, lines)
    if result.ending != "unread":
        print_end(result)
    end_as(result.ending)


def leave_prompt(ending: Ending) -> None:
    """A terminal has written ^C on the line."""
    out = stderr_console()
    if ending == "interrupted" and out.is_terminal:
        out.print()


def end_as(ending: Ending) -> None:
    """Ctrl-C is 130, as everywhere.

    Raises:
        typer.Exit: it was interrupted.
    """
    if ending == "interrupted":
        raise typer.Exit(ExitCode.INTERRUPTED)


def print_kept_back(sieve: Sieve) -> None:
    """What a filter left out, and what it could not be asked of."""
    out = stderr_console()
    if sieve.filter is None:
        return
    out.print(f"[cyan]·[/] --filter left out {sieve.kept_back} of {sieve.kept_back + sieve.passed} events")
    if sieve.faults:
        events = "1 event" if sieve.faults == 1 else f"{sieve.faults} events"
        out.print(
            f"[yellow]![/] of {events} it could not be asked: {escape(sieve.fault)}",
            soft_wrap=True,
        )


def print_end(result: ListenResult) -> None:
    """What was heard, on stderr: stdout has events and nothing else."""
    leave_prompt(result.ending)
    out, heard = stderr_console(), result.heard
    events = _count(heard.live + heard.filled, "event")
    out.print(f"[green]✓[/] heard {events} in {result.seconds:.0f} s{_gaps(heard)}", soft_wrap=True)
    print_kept_back(result.sieve)
    if heard.unfillable:
        out.print(
            f"[yellow]![/] what happened meanwhile on {escape(', '.join(heard.unfillable))} is not known: "
            f"no endpoint tells of it afterwards",
            soft_wrap=True,
        )


def _gaps(heard: ListenSummary) -> str:
    parts = []
    if heard.disconnects:
        parts.append(f"the socket was lost {_count(heard.disconnects, 'time')}")
    if heard.filled:
        parts.append(f"{heard.filled} of them filled in through the API")
    if heard.duplicates:
        parts.append(f"{_count(heard.duplicates, 'duplicate')} left out")
    return "".join(f"; {part}" for part in parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
