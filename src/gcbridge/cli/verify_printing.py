"""Prints a verification for people: checks, hops with their times, loss, the second witness, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stdout_console
from gcbridge.cli.printing import STATUS_MARKS
from gcbridge.model.legible import legible
from gcbridge.model.proof import EventTrace, Hop
from gcbridge.model.result import Check, CheckStatus, VerificationReport
from gcbridge.model.verification_words import (
    counted,
    late_events,
    limit_sentence,
    loss_sentence,
    seconds_text,
    witness_sentence,
)

SHOWN = 60
"""Checks that a terminal shows whole, and hops."""
SHOWN_OF_MANY = 30
"""Checks that it shows where there are more; the others are counted."""
NOTES_SHOWN = 5
MARKS: dict[CheckStatus, str] = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "skipped": "[dim]-[/]"}
LEFT_OUT = "--json has all of them, and --html FILE too"


def print_report(report: VerificationReport, console: Console | None = None) -> None:
    """One event in a few lines, many as a table; the first broken link and what to do stand last.

    Args:
        report: what to print.
        console: where to; standard output where None.
    """
    out = console or stdout_console()
    _print_checks(report, out)
    _print_events(report, out)
    _print_proof(report, out)
    _print_verdict(report, out)


def _print_checks(report: VerificationReport, out: Console) -> None:
    shown = _most_telling(report.checks)
    table = Table(
        title=f"bridge {_text(report.environment)}", title_justify="left", box=None, padding=(0, 2, 0, 0)
    )
    for column in ("check", "result", "observed"):
        table.add_column(column, overflow="fold", no_wrap=column == "result")
    for check in shown:
        table.add_row(_text(check.name), STATUS_MARKS[check.status], _text(_observed(check)))
    out.print(table)
    _print_left_out(report.checks, shown, out)
    for check in shown:
        if check.status == "failed" and check.hint and check is not report.first_broken:
            out.print(f"[bold]{_text(check.name)}:[/] {_text(check.hint)}", soft_wrap=True)


def _most_telling(checks: Sequence[Check]) -> list[Check]:
    """All of them where they are few; else what failed comes first, then what holds, in causal order."""
    if len(checks) <= SHOWN:
        return list(checks)
    order = {"failed": 0, "passed": 1, "skipped": 2}
    chosen = sorted(range(len(checks)), key=lambda index: (order[checks[index].status], index))
    return [checks[index] for index in sorted(chosen[:SHOWN_OF_MANY])]


def _print_left_out(checks: Sequence[Check], shown: Sequence[Check], out: Console) -> None:
    names = {check.name for check in shown}
    rest = [check for check in checks if check.name not in names]
    if not rest:
        return
    words = {"failed": "failed", "passed": "passed", "skipped": "skipped"}
    numbers = ((sum(check.status == status for check in rest), word) for status, word in words.items())
    told = ", ".join(f"{number:,} {word}" for number, word in numbers if number)
    out.print(f"[dim]and {counted(len(rest), 'check')} more: {told}; {LEFT_OUT}[/]", soft_wrap=True)


def _observed(check: Check) -> str:
    if check.status != "failed" or not check.expected:
        return check.observed
    return f"{check.observed}\nexpected: {check.expected}"


def _print_events(report: VerificationReport, out: Console) -> None:
    if not report.traces:
        return
    out.print()
    if len({trace.change for trace in report.traces}) == 1:
        for trace in report.traces:
            _print_way(trace, out)
    else:
        _print_hops(report, out)


def _print_way(trace: EventTrace, out: Console) -> None:
    event = f"event {_text(trace.event_id)}" if trace.event_id else "no event"
    out.print(f"{_text(trace.description)}: {event} ({_text(trace.topic)})", soft_wrap=True)
    for hop in trace.hops[:SHOWN]:
        if hop.name == "accepted":
            continue
        when = f"[bold]{seconds_text(hop.seconds)}[/]" if hop.seconds is not None else ""
        out.print(
            " ".join(("  " + MARKS[hop.status], _text(hop.name), *filter(None, (when, _detail(hop))))),
            soft_wrap=True,
        )
    if len(trace.hops) > SHOWN:
        out.print(f"  [dim]and {counted(len(trace.hops) - SHOWN, 'hop')} more; {LEFT_OUT}[/]")


def _detail(hop: Hop) -> str:
    """What was seen is worth a word where no time says that it was, or where something is wrong."""
    return _text(hop.detail) if hop.seconds is None or hop.status != "passed" else ""


def _print_hops(report: VerificationReport, out: Console) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("hop", overflow="fold")
    for column in ("events", "p50", "p95", "max"):
        table.add_column(column, justify="right", no_wrap=True)
    counts = _count_hops(report.traces)
    times = {latency.hop: latency for latency in report.latencies}
    for name, (passed, failed) in list(counts.items())[:SHOWN]:
        status: CheckStatus = "failed" if failed else "passed" if passed else "skipped"
        number = f"{passed:,} of {passed + failed:,}" if passed + failed else "not told"
        latency = times.get(name)
        figures = (latency.p50, latency.p95, latency.maximum) if latency else (None, None, None)
        table.add_row(f"{MARKS[status]} {_text(name)}", number, *map(seconds_text, figures))
    out.print(table)
    if len(counts) > SHOWN:
        out.print(f"[dim]and {counted(len(counts) - SHOWN, 'hop')} more; {LEFT_OUT}[/]", soft_wrap=True)


def _count_hops(traces: Iterable[EventTrace]) -> dict[str, tuple[int, int]]:
    """Hop -> how many events were there, and how many were not."""
    counts: dict[str, tuple[int, int]] = {}
    for trace in traces:
        for hop in trace.hops:
            passed, failed = counts.get(hop.name, (0, 0))
            counts[hop.name] = passed + (hop.status == "passed"), failed + (hop.status == "failed")
    counts.pop("accepted", None)
    return counts


def _print_proof(report: VerificationReport, out: Console) -> None:
    if report.loss is not None and report.loss.expected > 1:
        _print_line(out, "failed" if report.loss.lost else "passed", "loss", loss_sentence(report.loss))
    if report.max_latency is not None:
        _print_line(out, "failed" if late_events(report) else "passed", "limit", limit_sentence(report))
    witness = report.witness
    if witness is not None:
        _print_line(
            out, "failed" if witness.only_websocket else "passed", "witness", witness_sentence(witness)
        )
        notes = [*witness.notes, *(f"{topic} not compared: {why}" for topic, why in witness.unheard.items())]
        for note in notes[:NOTES_SHOWN]:
            _print_prose(out, f"    [dim]{_text(note)}[/]")
        if len(notes) > NOTES_SHOWN:
            _print_prose(out, f"    [dim]and {counted(len(notes) - NOTES_SHOWN, 'note')} more; {LEFT_OUT}[/]")


def _print_line(out: Console, status: CheckStatus, name: str, sentence: str) -> None:
    _print_prose(out, f"{MARKS[status]} [bold]{name}[/]: {sentence}")


def _print_prose(out: Console, text: str) -> None:
    """In whole words on a terminal, in one line in a log; hints are left to the terminal, so that commands can be copied."""
    out.print(text, soft_wrap=not out.is_terminal)


def _print_verdict(report: VerificationReport, out: Console) -> None:
    broken = report.first_broken
    if broken is None:
        untold = sum(check.status == "skipped" for check in report.checks)
        but = f"; of {counted(untold, 'link')} nothing could be told" if untold else ""
        out.print(f"[bold green]verdict: passed[/]{but}", soft_wrap=True)
        return
    out.print(f"[bold red]verdict: failed[/] at {_text(broken.name)}", soft_wrap=True)
    if broken.hint:
        out.print(f"[bold]what to do:[/] {_text(broken.hint)}", soft_wrap=True)


def _text(text: str) -> str:
    """What a stranger wrote is neither markup nor an order to the terminal."""
    return escape(legible(text))
