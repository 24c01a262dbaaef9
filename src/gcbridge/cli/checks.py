"""Command that looks at this machine: doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from gcbridge.cli.context import JsonFlag, session_of
from gcbridge.cli.printing import print_checks, print_json
from gcbridge.errors import ExitCode
from gcbridge.workflows.doctor import doctor


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
