"""Commands that look and judge: verify, doctor."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_checks, print_json, print_model, print_report
from gcbridge.errors import ExitCode
from gcbridge.workflows.doctor import doctor
from gcbridge.workflows.verify import verify


def verify_command(
    context: typer.Context,
    name: EnvironmentName,
    cause: Annotated[
        Literal["presence", "integration_notes", "none"] | None,
        typer.Option(help="What to change in Genesys Cloud so that an event is sent. Default: verify.cause."),
    ] = None,
    timeout: Annotated[
        int | None, typer.Option(help="Seconds to wait for the event.", min=5, max=3600)
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Prove link by link that events arrive; exit 3 names the first broken link."""
    session = session_of(context)
    environment = session.environment(name, any_topic=True)
    with session.rooms() as rooms:
        report = verify(rooms, environment, cause=cause, timeout_seconds=timeout)
    if json_:
        print_model(report)
    else:
        print_report(report)
    if report.verdict == "failed":
        raise typer.Exit(ExitCode.VERIFICATION_FAILED)


def doctor_command(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[ENV]", help="Environment to look at too.")] = None,
    json_: JsonFlag = False,
) -> None:
    """Say what is missing on this machine, and what to type."""
    session = session_of(context)
    bridge = session.environment(name).resolve() if name else None
    with session.rooms() as rooms:
        checks = doctor(rooms, bridge)
    if json_:
        print_json([check.model_dump() for check in checks])
    else:
        print_checks(checks, "doctor")
    if any(check.status == "failed" for check in checks):
        raise typer.Exit(ExitCode.FAILED)
