"""The command that puts archived events on the bus again: replay."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal

import typer
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_json, print_model
from gcbridge.errors import ExitCode, RefusedError, UsageError
from gcbridge.model.replay import Replay, ReplayPlan, ReplayRequest, ReplaySummary, shown
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.replay import cancel_replay, list_replays, replay, resume_replay, watch_replay
from gcbridge.workflows.replay_waits import WatchStopped
from gcbridge.workflows.rooms import Rooms

Action = Literal["--from", "--list", "--watch", "--cancel", "--resume"]
STARTING = frozenset({"--from", "--resume"})
"""What puts events on the bus, and therefore asks first."""
FITS = {
    "REPLAY": {"--watch", "--cancel", "--resume"},
    "--to": {"--from"},
    "--rule": {"--from"},
    "--name": STARTING,
}
"""Argument or option -> actions that it means something to."""
WARNINGS = (
    "Order is not kept: events come minute by minute, within a minute in any order.",
    "Consumers must be idempotent: what arrived before arrives again, and an event may come twice.",
    "Every event carries replay-name, which tells it from a live one.",
)


Which = Annotated[
    str | None,
    typer.Argument(metavar="[REPLAY]", help="Which replay to watch, cancel or resume. Default: the newest."),
]
Since = Annotated[
    str | None,
    typer.Option("--from", help="Replay events from this time on: 2026-03-01T08:00:00Z, or -2h."),
]
Until = Annotated[str | None, typer.Option("--to", help="Events before this time. Default: now.")]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", help="Only to this rule; repeatable. Default: every rule of the bus."),
]
NewName = Annotated[
    str | None, typer.Option("--name", help="Name of the new replay. Default: gcbridge-ENV-TIME.")
]
Settle = Annotated[
    str, typer.Option(help="How long after --to to wait for late events of the archive; 0: not at all.")
]
Wait = Annotated[bool, typer.Option(help="Watch it to its end; --no-wait only starts it. Default: --wait.")]
List = Annotated[bool, typer.Option("--list", help="List the replays of the archive.")]
Watch = Annotated[bool, typer.Option("--watch", help="Watch a replay to its end.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Stop a replay.")]
Resume = Annotated[bool, typer.Option("--resume", help="Replay what a cancelled or failed replay left over.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def replay_command(
    context: typer.Context,
    name: EnvironmentName,
    which: Which = None,
    *,
    since: Since = None,
    until: Until = None,
    rules: Rules = None,
    new_name: NewName = None,
    settle: Settle = "10m",
    wait: Wait = True,
    list_: List = False,
    watch: Watch = False,
    cancel: Cancel = False,
    resume: Resume = False,
    yes: Yes = False,
    json_: JsonFlag = False,
) -> None:
    """Put archived events on the bus again; watch, cancel, resume and list replays."""
    given: dict[Action, object] = {
        "--from": since, "--list": list_, "--watch": watch, "--cancel": cancel, "--resume": resume
    }  # fmt: skip
    action = _one_action(name, [option for option, value in given.items() if value])
    _check_fit(action, {"REPLAY": which, "--to": until, "--rule": rules, "--name": new_name})
    confirm = _confirmation(action, yes)
    session = session_of(context)
    environment = session.environment(name, any_topic=True)
    with _stopping_quietly(name), session.rooms() as rooms:
        if action == "--list":
            _print_list(list_replays(rooms, environment), json_)
            return
        request = ReplayRequest(
            since=since or "now", until=until or "now", rules=tuple(rules or ()), name=new_name, settle=settle
        )
        done = _Act(rooms, environment, which, request, confirm, wait)(action)
    if json_:
        print_model(done)
    else:
        _print_replay(name, done, asked_to_cancel=action == "--cancel")
    if done.state in ({"FAILED", "COMPLETED"} if action == "--cancel" else {"FAILED", "CANCELLED"}):
        raise typer.Exit(ExitCode.FAILED)


@dataclass(frozen=True)
class _Act:
    """What was asked for; called with the action, it is done."""

    rooms: Rooms
    environment: Environment
    which: str | None
    request: ReplayRequest
    confirm: Callable[[ReplayPlan], bool]
    wait: bool

    def __call__(self, action: Action) -> Replay:
        match action:
            case "--cancel":
                return cancel_replay(self.rooms, self.environment, self.which)
            case "--watch":
                return watch_replay(self.rooms, self.environment, self.which)
            case "--resume":
                return self._resume()
            case _:
                return replay(
                    self.rooms, self.environment, self.request, confirm=self.confirm, wait=self.wait
                )

    def _resume(self) -> Replay:
        return resume_replay(
            self.rooms,
            self.environment,
            self.which,
            confirm=self.confirm,
            new_name=self.request.name,
            settle=self.request.settle,
            wait=self.wait,
        )


def _one_action(name: str, given: list[Action]) -> Action:
    if len(given) == 1:
        return given[0]
    raise UsageError(
        f"{' and '.join(given)} do not go together" if given else "nothing says what to replay",
        hint=f"gcbridge replay {name} --from TIME, or one of --list, --watch, --cancel, --resume",
    )


def _check_fit(action: Action, given: dict[str, object]) -> None:
    for option, value in given.items():
        if value and action not in FITS[option]:
            raise UsageError(
                f"{option} means nothing with {action}",
                hint=f"leave it out; it goes with {', '.join(sorted(FITS[option]))}",
            )


def _confirmation(action: Action, yes: bool) -> Callable[[ReplayPlan], bool]:
    if action in STARTING and not yes and not sys.stdin.isatty():
        raise RefusedError("nobody is there to confirm", hint="type the same command again, with --yes")

    def confirm(plan: ReplayPlan) -> bool:
        _print_plan(plan)
        return yes or typer.confirm("Start this replay?", err=True)

    return confirm


@contextmanager
def _stopping_quietly(name: str) -> Iterator[None]:
    """Ctrl-C while AWS works stops nothing there, and the same command again would start a second replay."""
    try:
        yield
    except WatchStopped as stop:
        out, command = stderr_console(), f"gcbridge replay {name}"
        out.print(
            f"\n[yellow]stopped watching[/]; AWS goes on with replay {escape(stop.name)}"
            if stop.started
            else f"\n[yellow]interrupted[/]; AWS has not said whether replay {escape(stop.name)} was started",
            soft_wrap=True,
        )
        out.print(f"  to look again: {command} --watch {escape(stop.name)}", soft_wrap=True)
        out.print(f"  to cancel it:  {command} --cancel {escape(stop.name)}", soft_wrap=True)
        raise typer.Exit(ExitCode.INTERRUPTED) from stop


def _print_plan(plan: ReplayPlan) -> None:
    out = stderr_console()
    out.print(f"[bold]replay {escape(plan.name)}[/]", soft_wrap=True)
    out.print(f"  events of {plan.window}", soft_wrap=True)
    out.print(f"  out of archive {escape(plan.archive_arn.rpartition('/')[2])}", soft_wrap=True)
    out.print(f"  to {_receivers(plan.rules)}", soft_wrap=True)
    for line in (*plan.notes, *WARNINGS):
        out.print(f"  [yellow]![/] {escape(line)}", soft_wrap=True)


def _receivers(rules: tuple[str, ...]) -> str:
    if not rules:
        return "every rule of the bus"
    return f"rule{'s' if len(rules) > 1 else ''} {', '.join(escape(rule) for rule in rules)}"


def _print_replay(environment: str, done: Replay, *, asked_to_cancel: bool) -> None:
    out, name, command = stdout_console(), escape(done.name), f"gcbridge replay {environment}"
    if done.state == "COMPLETED":
        seconds = f" in {done.seconds:.0f} s" if done.seconds is not None else ""
        late = "; that was before AWS could stop it" if asked_to_cancel else ""
        mark = "[red]✗[/]" if asked_to_cancel else "[green]✓[/]"
        out.print(f"{mark} {name}: {done.window} replayed to {_receivers(done.rules)}{seconds}{late}")
    elif done.is_under_way:
        out.print(f"{name} is {done.state}; to watch it: {command} --watch {name}", soft_wrap=True)
    else:
        came_to = f"came to {shown(done.last_replayed)}" if done.last_replayed else "replayed nothing"
        reason = f": {escape(done.reason)}" if done.reason else ""
        mark = "[green]✓[/]" if asked_to_cancel and done.state == "CANCELLED" else "[red]✗[/]"
        out.print(f"{mark} {name} is {done.state}{reason}; it {came_to} of {done.window}", soft_wrap=True)
        out.print(f"to go on with the rest of it: {command} --resume {name}", soft_wrap=True)


def _print_list(found: Iterable[ReplaySummary], as_json: bool) -> None:
    if as_json:
        print_json([summary.model_dump(mode="json") for summary in found])
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("replay", "state", "events of", "came to", "started"):
        table.add_column(column, overflow="fold")
    for summary in found:
        times = (summary.last_replayed, summary.started_at)
        came_to, started = (shown(time) if time else "-" for time in times)
        table.add_row(escape(summary.name), summary.state, str(summary.window), came_to, started)
    stdout_console().print(table)
