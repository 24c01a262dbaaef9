"""Prints an advice for people."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from gcbridge.model.advice import Advice, Fit

MARKS = {"for": "[green]✓[/]", "care": "[yellow]![/]", "against": "[red]✗[/]"}
VERDICTS = {"for": "fits", "care": "fits, with care", "against": "does not fit"}


def print_advice(out: Console, advice: Advice) -> None:
    """The model that fits, why and why not the others, and what to write and type."""
    chosen = next((fit for fit in advice.fits if fit.model == advice.chosen), None)
    out.print(
        f"[bold]{chosen.title}[/]" if chosen else "[bold red]no event model fits all of that[/]",
        highlight=False,
    )
    for fit in advice.fits:
        _print_fit(out, fit)
    if advice.fragment:
        out.print("\n[dim]# in an environment file[/]")
        out.print(escape(advice.fragment.rstrip()), highlight=False, soft_wrap=True)
    for step in advice.next_steps:
        out.print(f"next: {escape(step)}", highlight=False, soft_wrap=True)


def _print_fit(out: Console, fit: Fit) -> None:
    out.print(f"\n{MARKS[fit.verdict]} {fit.title}: {VERDICTS[fit.verdict]}", highlight=False)
    for finding in fit.findings:
        out.print(f"    {MARKS[finding.weight]} {escape(finding.says)}", highlight=False, soft_wrap=True)
    for limit in fit.limits:
        out.print(
            f"      [dim]{escape(limit.says)} {escape(limit.source)}[/]", highlight=False, soft_wrap=True
        )
