"""Commands of the embedded sandbox: up, down, status, env, emit, faults."""

from __future__ import annotations

import importlib.util
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import JsonFlag, session_of
from gcbridge.cli.printing import print_model
from gcbridge.cli.progress import watching
from gcbridge.errors import GcbridgeError, UsageError
from gcbridge.model.progress import Progress
from gcbridge.workflows.topics import sample_detail

if TYPE_CHECKING:
    from gcbridge.sandbox.runtime import SandboxState

app = typer.Typer(no_args_is_help=True)

EXTRA = ("grpc", "hypercorn", "ministack", "starlette")
"""Packages of the extra `sandbox` that the servers and the stand-in provider need first."""


@contextmanager
def _sandbox_errors() -> Iterator[None]:
    """The sandbox has an error of its own, since it imports nothing from the house."""
    missing = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise GcbridgeError(
            "the sandbox is not installed",
            detail=f"missing Python packages: {', '.join(missing)}",
            hint="pip install 'gcbridge[sandbox]'",
        )
    from gcbridge.sandbox.errors import SandboxError  # noqa: PLC0415

    try:
        yield
    except SandboxError as error:
        raise GcbridgeError(error.summary, hint=error.hint) from error


@app.command("up")
def up_command(
    context: typer.Context,
    source_delay: Annotated[
        float, typer.Option(help="Seconds until Genesys creates the partner event source.", min=0)
    ] = 2.0,
    export: Annotated[
        bool,
        typer.Option("--export", help="Print the dummy credentials as shell exports, as sandbox env does."),
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Start the emulated AWS and Genesys Cloud in the background."""
    if export and json_:
        raise UsageError("--export prints for a shell, --json for a program", hint="leave one of them out")
    with _sandbox_errors(), watching() as watch:
        from gcbridge.sandbox.runtime import sandbox_credentials, start_sandbox  # noqa: PLC0415

        watch(Progress("sandbox", "started", "starting two servers on 127.0.0.1"))
        state = start_sandbox(session_of(context).workspace.sandbox_folder, source_delay_seconds=source_delay)
        watch(Progress("sandbox", "finished", "runs already" if state.already_running else "started"))
    if json_:
        print_model(state)
        return
    out = stderr_console() if export else stdout_console()
    out.print(f"emulated AWS            {state.aws.url}  account {state.account_id}", soft_wrap=True)
    out.print(f"emulated Genesys Cloud  {state.genesys.url}  organization {state.org_id}", soft_wrap=True)
    if export:
        _print_exports(sandbox_credentials(state))
    else:
        out.print('next: eval "$(gcbridge sandbox env)" && gcbridge init sandbox')


@app.command("down")
def down_command(
    context: typer.Context,
    reset: Annotated[bool, typer.Option("--reset", help="Delete the sandbox's data too.")] = False,
) -> None:
    """Stop the sandbox; its data stays unless --reset."""
    with _sandbox_errors():
        from gcbridge.sandbox.runtime import stop_sandbox  # noqa: PLC0415

        stopped = stop_sandbox(session_of(context).workspace.sandbox_folder, reset=reset)
    stdout_console().print("sandbox stopped" if stopped else "no sandbox was running")


@app.command("status")
def status_command(context: typer.Context, json_: JsonFlag = False) -> None:
    """Say whether the sandbox runs, and what is in it; exit 1 when it does not run."""
    with _sandbox_errors():
        from gcbridge.sandbox.runtime import sandbox_status  # noqa: PLC0415

        status = sandbox_status(session_of(context).workspace.sandbox_folder)
    if json_:
        print_model(status)
    else:
        for key, value in status.model_dump(mode="json").items():
            stdout_console().print(f"{key:24}{value}")
    if not status.running:
        raise typer.Exit(1)


@app.command("env")
def env_command(context: typer.Context) -> None:
    """Print the dummy credentials that the sandbox accepts, as shell exports."""
    with _sandbox_errors():
        from gcbridge.sandbox.runtime import sandbox_credentials  # noqa: PLC0415

        credentials = sandbox_credentials(_running(context))
    _print_exports(credentials)


def _print_exports(credentials: Mapping[str, str]) -> None:
    for name, value in credentials.items():
        typer.echo(f"export {name}={shlex.quote(value)}")


@app.command("emit")
def emit_command(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="Topic template, such as v2.users.{id}.presence.")],
    count: Annotated[int, typer.Option(help="How many events.", min=1, max=100_000)] = 1,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Set a value below detail; repeatable."),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Make the emulated Genesys Cloud send events of a topic: a recorded sample, else one made from its schema."""
    detail = sample_detail(session_of(context).workspace, topic)
    with _sandbox_errors():
        from gcbridge.sandbox.runtime import emit, parse_set_values  # noqa: PLC0415

        result = emit(_running(context), topic, count, parse_set_values(set_ or []), detail)
    if json_:
        print_model(result)
    elif result.skipped:
        stdout_console().print(f"nothing was sent to EventBridge: {result.skipped}")
    else:
        names = ", ".join(integration.name for integration in result.integrations)
        stdout_console().print(f"{result.sent} events of {topic} sent through {names}", markup=False)


@app.command("faults")
def faults_command(
    context: typer.Context,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Set a fault switch; repeatable."),
    ] = None,
    clear: Annotated[
        bool, typer.Option("--clear", help="Set all switches back first: everything works again.")
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Make the emulated Genesys Cloud misbehave: show, set or clear its fault switches."""
    with _sandbox_errors():
        from gcbridge.sandbox.observe import parse_set_values  # noqa: PLC0415
        from gcbridge.sandbox.switches import clear_faults, read_faults, set_faults  # noqa: PLC0415

        state, wanted = _running(context), parse_set_values(set_ or [])
        if clear:
            clear_faults(state)
        status = set_faults(state, wanted) if wanted else read_faults(state)
    if json_:
        print_model(status)
        return
    for name, value in status.thrown.items():
        stdout_console().print(f"{name:32}{value}", markup=False)
    if not status.thrown:
        stdout_console().print("no fault is set")


def _running(context: typer.Context) -> SandboxState:
    from gcbridge.sandbox.runtime import read_state  # noqa: PLC0415

    state = read_state(session_of(context).workspace.sandbox_folder)
    if state is None:
        raise GcbridgeError("no sandbox was started in this workspace", hint="gcbridge sandbox up")
    return state
