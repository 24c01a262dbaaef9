"""The command test: the tests of an environment, run offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_model
from gcbridge.errors import ExitCode
from gcbridge.model.expectation import Difference, ExpectationReport, ExpectationResult
from gcbridge.workflows.expectations import run_tests, write_junit

Junit = Annotated[
    Path | None, typer.Option("--junit", help="Write the results to this file as JUnit XML, for CI.")
]


def run_command(
    context: typer.Context, name: EnvironmentName, junit: Junit = None, json_: JsonFlag = False
) -> None:
    """Run the tests of an environment: which rules match an event, and what targets receive; offline."""
    session = session_of(context)
    report = run_tests(session.workspace, session.environment(name))
    if junit:
        write_junit(junit, report)
    if json_:
        print_model(report)
    else:
        print_tests(report)
    if report.failures:
        raise typer.Exit(ExitCode.FAILED)


def print_tests(report: ExpectationReport) -> None:
    """A line for each test, what differs below those that failed, and the counts."""
    if not report.results:
        stderr_console().print(
            f"[yellow]![/] environment {escape(report.environment)} has no tests; "
            "they stand below the key tests of its file",
            soft_wrap=True,
        )
        return
    out = stdout_console()
    out.print(_table(report))
    for result in report.failures:
        _print_failure(result, out)
    count, failed = len(report.results), len(report.failures)
    tests = "1 test" if count == 1 else f"{count} tests"
    out.print(f"[red]✗[/] {failed} of {tests} failed" if failed else f"[green]✓[/] {tests} passed")


def _table(report: ExpectationReport) -> Table:
    """Triggers have a column where any test starts one."""
    with_triggers = any(result.triggers for result in report.results)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    last = ["triggers that start"] if with_triggers else []
    for column in ("", "test", "event", "rules that match", *last):
        table.add_column(column, overflow="fold")
    for result in report.results:
        mark = "[green]✓[/]" if result.passed else "[red]✗[/]"
        names = [result.rules, result.triggers] if with_triggers else [result.rules]
        listed = (escape(", ".join(some) or "none") for some in names)
        table.add_row(mark, escape(result.name), escape(result.detail_type), *listed)
    return table


def _print_failure(result: ExpectationResult, out: Console) -> None:
    out.print(f"\n[bold red]✗ {escape(result.name)}[/] [dim]({escape(result.where)})[/]", soft_wrap=True)
    out.print(f"  event: {escape(result.event)}", soft_wrap=True)
    for difference in result.differences:
        _print_difference(difference, out)


def _print_difference(difference: Difference, out: Console) -> None:
    first = difference.kind.partition(" ")[0]
    what = "target" if first == "text" else first
    out.print(f"  {what} {escape(difference.name)} {escape(difference.message)}", soft_wrap=True)
    if difference.kind != "text differs":
        return
    for title, text, colour in (
        ("expected", difference.expected, "green"),
        ("received", difference.received, "red"),
    ):
        out.print(f"    [{colour}]{title}[/]")
        for line in text.splitlines() or [""]:
            out.print(f"      {escape(line)}", soft_wrap=True)
