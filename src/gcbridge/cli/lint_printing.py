"""Prints what `validate` has found."""

from __future__ import annotations

from rich.markup import escape

from gcbridge.cli.console import stdout_console
from gcbridge.model.lint import LintReport


def print_lints(report: LintReport) -> None:
    """The warnings, one line each with file and line, then the verdict."""
    out = stdout_console()
    for lint in report.lints:
        out.print(f"[yellow]{lint.severity}:[/] {escape(str(lint))}", soft_wrap=True)
    count = len(report.lints)
    but = f", with {count} warning{'s' if count > 1 else ''}" if count else ""
    out.print(f"[green]✓[/] environment {escape(report.environment)} is valid{but}")
