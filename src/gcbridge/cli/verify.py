"""Command that proves arrival: verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gcbridge.cli.boundary import print_error
from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_model
from gcbridge.cli.verify_printing import print_report
from gcbridge.errors import ExitCode
from gcbridge.model.proof import CauseName
from gcbridge.workflows.proof.choices import Choices
from gcbridge.workflows.verify import verify
from gcbridge.workflows.verify_reports import ReportFiles, check_key, write_reports


def verify_command(
    context: typer.Context,
    name: EnvironmentName,
    *,
    cause: Annotated[
        CauseName | None,
        typer.Option(help="What to change in Genesys Cloud so that events are sent. Default: verify.cause."),
    ] = None,
    count: Annotated[
        int | None, typer.Option(help="How many changes to make, or events to wait for.", min=1, max=1000)
    ] = None,
    interval: Annotated[
        float | None, typer.Option(help="Seconds between two changes.", min=0, max=60)
    ] = None,
    timeout: Annotated[
        int | None, typer.Option(help="Seconds to wait for events after the last change.", min=5, max=3600)
    ] = None,
    max_latency: Annotated[
        float | None, typer.Option(help="Fail if an event takes longer to the bus; seconds.", min=0.001)
    ] = None,
    witness: Annotated[
        bool, typer.Option("--witness", help="Listen to the notification service as a second witness.")
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Create and change nothing: look, and read counters.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the checks as JUnit XML.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to look at: one file, no network.")
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Prove link by link that events arrive; exit 3 names the first broken link."""
    session = session_of(context)
    environment = session.environment(name, any_topic=True)
    choices = Choices(cause, count, interval, timeout, max_latency, witness=witness or None)
    with session.rooms() as rooms:
        check_key(rooms)
        report = verify(rooms, environment, choices, read_only=read_only)
        # Before any file is written: a folder that cannot be written to must not hide the verdict.
        if json_:
            print_model(report)
        else:
            print_report(report)
        failures = write_reports(rooms, environment, report, ReportFiles(junit=junit, html=html))
    for failure in failures:
        print_error(failure)
    if report.verdict == "failed":
        raise typer.Exit(ExitCode.VERIFICATION_FAILED)
    if failures:
        raise typer.Exit(ExitCode.FAILED)
