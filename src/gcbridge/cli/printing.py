"""Prints results on stdout: tables for people, the same model as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stdout_console
from gcbridge.model.plan import AttributeChange, PlanBundle, PlanSummary, ResourceChange
from gcbridge.model.result import ApplyResult, Check

ACTION_MARKS = {
    "create": "[green]+[/]",
    "update": "[yellow]~[/]",
    "delete": "[red]-[/]",
    "replace": "[red]-[/]/[green]+[/]",
    "read": "[cyan]<[/]",
}
STATUS_MARKS = {"passed": "[green]✓ passed[/]", "failed": "[red]✗ failed[/]", "skipped": "[dim]- skipped[/]"}


def print_model(model: BaseModel) -> None:
    """A model as indented JSON."""
    sys.stdout.write(model.model_dump_json(indent=2) + "\n")


def print_json(value: object) -> None:
    """Any plain value as indented JSON."""
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def print_plan(bundle: PlanBundle, shown_folder: str, out: Console | None = None) -> None:
    """What would change in both stacks, and what to type next; on stdout, where it is not part of a question."""
    out = out or stdout_console()
    for summary in bundle.summaries:
        _print_summary(out, summary)
    if not bundle.has_changes:
        out.print("[green]no changes[/]: both clouds are as the environment says")
        return
    out.print(f"[dim]plan bundle {bundle.id} in {escape(shown_folder)}[/]")


def print_counts(bundle: PlanBundle) -> None:
    """What a bundle would change, in one line a stack."""
    out = stdout_console()
    out.print(f"[dim]plan bundle {bundle.id}[/]")
    for summary in bundle.summaries:
        out.print(f"[bold]{summary.stack}[/] stack: {_counts(summary)}")


def _print_summary(out: Console, summary: PlanSummary) -> None:
    out.print(f"[bold]{summary.stack}[/] stack: {_counts(summary)}")
    for change in summary.changes:
        _print_change(out, change)
    for name in summary.output_changes:
        out.print(f"  [yellow]~[/] output {escape(name)}")


def _counts(summary: PlanSummary) -> str:
    words = {"create": "to create", "update": "to change", "replace": "to replace", "delete": "to destroy"}
    counted = [
        f"{count} {word}"
        for action, word in words.items()
        if (count := sum(change.action == action for change in summary.changes))
    ]
    return ", ".join(counted) or ("outputs change" if summary.output_changes else "no changes")


def _print_change(out: Console, change: ResourceChange) -> None:
    out.print(f"  {ACTION_MARKS[change.action]} {escape(change.address)}", soft_wrap=True)
    for reason in change.replace_reasons:
        out.print(f"      [red]forced by[/] {escape(reason)}", soft_wrap=True)
    for attribute in change.attributes:
        out.print(f"      {_attribute(attribute)}", soft_wrap=True)


def _attribute(change: AttributeChange) -> str:
    before, after = _value(change.before), _value(change.after)
    return f"{escape(change.path)}: [red]{escape(before)}[/] -> [green]{escape(after)}[/]"


def _value(value: object) -> str:
    return "(nothing)" if value is None else json.dumps(value, ensure_ascii=False)


def print_apply(result: ApplyResult, done: str) -> None:
    """What was done and what was waited for."""
    out = stdout_console()
    count = len(result.changed)
    changed = f"{count} resource{'' if count == 1 else 's'} {done}" if count else "nothing to change"
    waited = sum(wait.seconds for wait in result.waits)
    pause = f", {waited:.1f} s of it waiting for the two clouds to agree" if waited >= 0.1 else ""
    out.print(f"[green]✓[/] {escape(result.environment)}: {changed} in {result.seconds:.1f} s{pause}")
    for stack, outputs in result.outputs.items():
        for name, value in outputs.items():
            _print_output(out, f"{stack}.{name}", value)


def _print_output(out: Console, name: str, value: object) -> None:
    if isinstance(value, dict):
        for key, child in value.items():
            _print_output(out, f"{name}.{key}", child)
    else:
        out.print(f"  [dim]{escape(name)}[/] = {escape(str(value))}", soft_wrap=True)


def print_checks(checks: Iterable[Check], title: str) -> None:
    """Checks as a table; hints of what failed stand below it."""
    checks = tuple(checks)
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("check", "result", "observed"):
        table.add_column(column, overflow="fold")
    for check in checks:
        observed = check.observed if check.status != "failed" else _failed(check)
        table.add_row(escape(check.name), STATUS_MARKS[check.status], escape(observed))
    out = stdout_console()
    out.print(table)
    for check in checks:
        if check.status == "failed" and check.hint:
            out.print(f"[bold]{escape(check.name)}:[/] {escape(check.hint)}", soft_wrap=True)


def _failed(check: Check) -> str:
    return f"{check.observed}\nexpected: {check.expected}" if check.expected else check.observed
