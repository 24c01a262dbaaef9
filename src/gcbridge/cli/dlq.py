"""The command dlq: look at dead letters, send them again, throw them away."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, Session, session_of
from gcbridge.cli.printing import print_model
from gcbridge.errors import ExitCode, RefusedError, UsageError
from gcbridge.model.dead_letter import (
    DeadLetter,
    DeadLetterListing,
    DeadLetterQueue,
    DeadLetterView,
    RedriveResult,
    Selection,
)
from gcbridge.workflows.dlq import (
    LOOKED_AT_MAX,
    SHOWN_MAX,
    list_dead_letters,
    purge_dead_letters,
    show_dead_letters,
)
from gcbridge.workflows.redrive import PER_SECOND, preview_redrive, redrive_dead_letters

Action = Literal["list", "show", "redrive", "purge"]
TAKES: dict[str, set[Action]] = {
    "--limit": {"list", "show", "redrive"},
    "--rate": {"redrive"},
    "--dry-run": {"redrive"},
    "--yes": {"redrive", "purge"},
}
"""Options that not every action has."""


def dlq_command(
    context: typer.Context,
    *,
    name: EnvironmentName,
    action: Annotated[
        Action,
        typer.Argument(
            metavar="ACTION",
            help="list: counts by rule, target and error code. show: the letters themselves. redrive: send them to "
            "their target again. purge: delete them.",
        ),
    ],
    target: Annotated[str | None, typer.Option(help="Only letters of this target.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only letters of this rule.")] = None,
    code: Annotated[str | None, typer.Option(help="Only letters with this error code.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            help="list: letters read from each queue. show: letters shown. redrive: letters tried. "
            f"Default: {LOOKED_AT_MAX}, {SHOWN_MAX}, all.",
            min=1,
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            help=f"redrive: letters a second at most. Default: {PER_SECOND:.0f}.", min=0.1, max=1000.0
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="redrive: say what would be sent, and send nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="redrive, purge: do not ask.")] = False,
    json_: JsonFlag = False,
) -> None:
    """Look at events that a target did not receive, send them again, or throw them away; exit 1 if some are refused."""
    given = {"--limit": limit is not None, "--rate": rate is not None, "--dry-run": dry_run, "--yes": yes}
    _check_options(action, [option for option, is_given in given.items() if is_given])
    session, selection = session_of(context), Selection(target=target, rule=rule, code=code)
    match action:
        case "list":
            _list(session, name, selection, limit or LOOKED_AT_MAX, json_)
        case "show":
            _show(session, name, selection, limit or SHOWN_MAX, json_)
        case "purge":
            _purge(session, name, selection, yes, json_)
        case "redrive" if dry_run:
            with session.rooms() as rooms:
                result = preview_redrive(
                    rooms, session.environment(name, any_topic=True), selection, limit=limit
                )
            end_redrive(result, json_=json_)
        case "redrive":
            _redrive(session, name, selection, rate=rate or PER_SECOND, limit=limit, yes=yes, json_=json_)


def _check_options(action: Action, given: Iterable[str]) -> None:
    for option in given:
        if action not in TAKES[option]:
            takers = " and ".join(sorted(TAKES[option]))
            raise UsageError(f"dlq {action} has no option {option}", hint=f"{option} belongs to {takers}")


def _list(session: Session, name: str, selection: Selection, limit: int, json_: bool) -> None:
    with session.rooms() as rooms:
        listing = list_dead_letters(rooms, session.environment(name, any_topic=True), selection, limit=limit)
    if json_:
        print_model(listing)
    else:
        print_listing(listing, stdout_console())


def _show(session: Session, name: str, selection: Selection, limit: int, json_: bool) -> None:
    with session.rooms() as rooms:
        view = show_dead_letters(rooms, session.environment(name, any_topic=True), selection, limit=limit)
    if json_:
        print_model(view)
    else:
        print_view(view)


def _redrive(
    session: Session,
    name: str,
    selection: Selection,
    *,
    rate: float,
    limit: int | None,
    yes: bool,
    json_: bool,
) -> None:
    def confirm(listing: DeadLetterListing) -> bool:
        if not listing.depth:
            return True
        _check_somebody_is_there(f"gcbridge dlq {name} redrive --yes")
        print_listing(listing, stderr_console())
        return typer.confirm(f"Send them to their targets again, {rate:g} a second at most?", err=True)

    with session.rooms() as rooms:
        result = redrive_dead_letters(
            rooms,
            session.environment(name, any_topic=True),
            selection,
            per_second=rate,
            limit=limit,
            confirm=None if yes else confirm,
        )
    end_redrive(result, json_=json_)


def end_redrive(result: RedriveResult, *, json_: bool) -> None:
    """Print a redrive.

    Raises:
        typer.Exit: 130 where it was interrupted, 1 where something was refused or ended early.
    """
    if json_:
        print_model(result)
    else:
        print_redrive(result)
    if result.interrupted:
        raise typer.Exit(ExitCode.INTERRUPTED)
    if not result.complete:
        raise typer.Exit(ExitCode.FAILED)


def _purge(session: Session, name: str, selection: Selection, yes: bool, json_: bool) -> None:
    def confirm(listing: DeadLetterListing, count: int) -> bool:
        print_listing(listing, stderr_console())
        if yes:
            return True
        _check_somebody_is_there(f"gcbridge dlq {name} purge --yes")
        answer: str = typer.prompt(f"Type {count} to delete these letters for good", err=True)
        return answer == str(count)

    with session.rooms() as rooms:
        result = purge_dead_letters(
            rooms, session.environment(name, any_topic=True), selection, confirm=confirm
        )
    if json_:
        print_model(result)
    elif result.deleted:
        stdout_console().print(f"[green]✓[/] {_letters(result.deleted)} deleted")
    else:
        stdout_console().print("[green]✓[/] there was nothing to delete")


def _check_somebody_is_there(instead: str) -> None:
    if not sys.stdin.isatty():
        raise RefusedError("nobody is there to confirm", hint=instead)


def print_listing(listing: DeadLetterListing, out: Console) -> None:
    """Groups as a table, then what is to know of the queues."""
    if listing.groups:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for column in ("target", "rule", "code", "letters", "oldest", "error"):
            table.add_column(
                column, overflow="fold", justify="right" if column in {"letters", "oldest"} else "left"
            )
        for group in listing.groups:
            shown = (group.target, group.rule, group.error_code, str(group.count))
            age, error = _age(group.oldest_age_seconds), group.error_message
            table.add_row(*(escape(text) for text in (*shown, age, error)))
        out.print(table)
    _print_queues(listing.queues, out)
    if not listing.depth:
        unseen = any(queue.is_unseen for queue in listing.queues)
        out.print("no dead letters in the other queues" if unseen else "[green]✓[/] no dead letters")


def _print_queues(queues: Iterable[DeadLetterQueue], out: Console) -> None:
    for queue in queues:
        if queue.depth:
            looked = "" if queue.looked_at >= queue.depth else f", {queue.looked_at} looked at"
            about = f"about {_letters(queue.depth)}{looked}"
            rest = f"; {queue.detail}" if queue.detail else ""
            out.print(f"[dim]{escape(queue.queue_name or '')}: {about}{escape(rest)}[/]", soft_wrap=True)
        elif queue.detail:
            out.print(f"[yellow]target {escape(queue.target)}:[/] {escape(queue.detail)}", soft_wrap=True)


def print_view(view: DeadLetterView) -> None:
    """Letters with all their attributes and their event."""
    out = stdout_console()
    for letter in view.letters:
        _print_letter(letter, out)
    _print_queues(view.queues, out)
    if not view.letters:
        out.print("no letter to show")


def _print_letter(letter: DeadLetter, out: Console) -> None:
    what = f"target {letter.target}, rule {letter.rule}, code {letter.error_code}"
    out.print(f"[bold]{letter.message_id}[/] {escape(what)}", soft_wrap=True)
    out.print(
        f"  in the queue since {letter.sent_at:%Y-%m-%d %H:%M:%S} UTC, received {letter.receive_count} times"
    )
    for key, value in letter.attributes.items():
        out.print(f"  [dim]{escape(key)}[/] {escape(value)}", soft_wrap=True)
    for line in _pretty(letter.body).splitlines():
        out.print(f"    {escape(line)}", soft_wrap=True)


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def print_redrive(result: RedriveResult) -> None:
    """What was sent, what was refused and why, what is left."""
    out = stdout_console()
    for refusal in result.refusals:
        what = f"target {refusal.target}, rule {refusal.rule}: {_letters(refusal.count)} refused"
        out.print(f"[red]✗[/] {escape(what)}: {escape(refusal.reason)}", soft_wrap=True)
    for target in result.targets:
        if target.stopped:
            text = f"target {target.target}: {target.stopped}; {_letters(target.left)} left"
            out.print(f"[yellow]![/] {escape(text)}", soft_wrap=True)
    verb = "would be sent" if result.dry_run else "sent"
    mark = "[green]✓[/]" if result.complete and not result.interrupted else "[yellow]·[/]"
    ended = ", interrupted after" if result.interrupted else " in"
    time = "" if result.dry_run else f"{ended} {result.seconds:.1f} s"
    counts = f"{_letters(result.sent)} {verb}, {result.refused} refused, about {result.left} left"
    out.print(f"{mark} {escape(result.environment)}: {counts}{time}", soft_wrap=True)


def _letters(count: int) -> str:
    return "1 letter" if count == 1 else f"{count} letters"


def _age(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
