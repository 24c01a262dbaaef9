"""The command coverage: topics against rules, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_model
from gcbridge.errors import ExitCode
from gcbridge.model.coverage import (
    CoverageReport,
    RedundantRule,
    RuleCoverage,
    RuleOverlap,
    TopicCoverage,
    UnmatchedTopic,
    UnsatisfiableRule,
)
from gcbridge.workflows.coverage import coverage

COLUMNS_MAX = 16
"""Rules that a matrix has room for beside the names of topics, at 100 columns."""
SHOWN_MAX = 20
"""Overlaps printed; --json has them all."""
REASONS_MAX = 4
LEGEND = "[dim]● every event of the topic  ○ some of its events  - would match, but is disabled[/]"
RELATIONS = {
    "same": "the same events",
    "first in second": "all of {0}'s",
    "second in first": "all of {1}'s",
    "partly": "some events",
}


def coverage_command(
    context: typer.Context,
    name: EnvironmentName,
    *,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit 1 if a topic is matched by no rule, a rule can match no topic, or a rule is redundant. "
            "Overlaps alone do not count.",
        ),
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Say which rules can match which subscribed topics, what is paid for in vain, and what arrives twice; offline."""
    session = session_of(context)
    with session.rooms() as rooms:
        report = coverage(rooms, session.environment(name))
    if json_:
        print_model(report)
    else:
        print_coverage(report, stdout_console())
    if strict and report.has_findings:
        raise typer.Exit(ExitCode.FAILED)


def print_coverage(report: CoverageReport, out: Console) -> None:
    """The matrix, then each finding with what to do, then the verdict."""
    if len(report.rules) <= COLUMNS_MAX:
        _print_matrix(report, out)
    else:
        _print_list(report, out)
    _print_unmatched(report.unmatched_topics, out)
    _print_unsatisfiable(report.unsatisfiable_rules, out)
    _print_redundant(report.redundant_rules, out)
    _print_overlaps(report, out)
    _print_verdict(report, out)


def _print_matrix(report: CoverageReport, out: Console) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("topic", overflow="fold")
    for number in range(1, len(report.rules) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for topic in report.topics:
        table.add_row(_topic_name(topic), *(_mark(topic, rule) for rule in report.rules))
    out.print(table)
    out.print(LEGEND)
    rules = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("", "rule", "targets", "topics"):
        rules.add_column(column, overflow="fold", justify="right" if column in {"", "topics"} else "left")
    for number, rule in enumerate(report.rules, start=1):
        rules.add_row(str(number), *_rule_row(rule))
    out.print()
    out.print(rules)


def _topic_name(topic: TopicCoverage) -> str:
    name = escape(topic.topic)
    return name if topic.rules else f"[red]{name}[/]"


def _mark(topic: TopicCoverage, rule: RuleCoverage) -> str:
    if rule.rule in topic.rules_for_every_event:
        return "[green]●[/]"
    if rule.rule in topic.rules:
        return "[green]○[/]"
    return "[dim]-[/]" if rule.rule in topic.disabled_rules else ""


def _rule_row(rule: RuleCoverage) -> tuple[str, str, str]:
    disabled = "" if rule.enabled else " [dim](disabled)[/]"
    count = str(len(rule.topics)) if rule.topics else "[red]0[/]"
    return f"{escape(rule.rule)}{disabled}", escape(", ".join(rule.targets)), count


def _print_list(report: CoverageReport, out: Console) -> None:
    """Too many rules for a matrix: each topic with the rules that may match it."""
    for topic in report.topics:
        out.print(_topic_name(topic), soft_wrap=True)
        every = set(topic.rules_for_every_event)
        some = [rule for rule in topic.rules if rule not in every]
        for mark, names in (("●", sorted(every)), ("○", some), ("-", topic.disabled_rules)):
            if names:
                out.print(f"  {mark} {escape(', '.join(names))}")
    out.print(LEGEND)


def _print_unmatched(topics: Sequence[UnmatchedTopic], out: Console) -> None:
    _title(f"{_count(topics, 'topic')} matched by no rule", topics, out)
    for topic in topics:
        _finding(topic.topic, (topic.message,), topic.advice, out)


def _print_unsatisfiable(rules: Sequence[UnsatisfiableRule], out: Console) -> None:
    _title(f"{_count(rules, 'rule')} that no subscribed topic can satisfy", rules, out)
    for rule in rules:
        more = len(rule.reasons) - REASONS_MAX
        rest = (f"and {more} more; --json lists them all",) if more > 0 else ()
        _finding(rule.rule, (*rule.reasons[:REASONS_MAX], *rest), rule.advice, out)


def _print_redundant(rules: Sequence[RedundantRule], out: Console) -> None:
    _title(f"{_count(rules, 'redundant rule')}", rules, out)
    for rule in rules:
        _finding(rule.rule, (rule.message,), rule.advice, out)


def _title(text: str, found: Sequence[object], out: Console) -> None:
    if found:
        out.print()
        out.print(f"[bold red]{text}[/]")


def _finding(subject: str, said: Iterable[str], advice: str, out: Console) -> None:
    out.print(f"[red]✗[/] {escape(subject)}", soft_wrap=True)
    for line in said:
        out.print(f"    {escape(line)}", soft_wrap=True)
    out.print(f"    [bold]to do:[/] {escape(advice)}", soft_wrap=True)


def _print_overlaps(report: CoverageReport, out: Console) -> None:
    redundant = {frozenset((rule.rule, rule.covered_by)) for rule in report.redundant_rules}
    overlaps = [each for each in report.overlaps if frozenset(each.rules) not in redundant]
    if not overlaps:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("rule", "and rule", "both match", "get it twice", "certain"):
        table.add_column(column, overflow="fold")
    for each in overlaps[:SHOWN_MAX]:
        table.add_row(*_overlap_row(each))
    out.print()
    out.print(f"[bold]{_count(overlaps, 'pair')} of rules that overlap[/] [dim](one event can match both)[/]")
    out.print(table)
    if len(overlaps) > SHOWN_MAX:
        out.print(f"[dim]and {len(overlaps) - SHOWN_MAX} more; --json lists them all[/]")


def _overlap_row(overlap: RuleOverlap) -> tuple[str, ...]:
    relation = RELATIONS[overlap.relation].format(*overlap.rules)
    twice = ", ".join(overlap.shared_targets) or "-"
    certain = "yes" if overlap.certain else "possible"
    return (*(escape(text) for text in (*overlap.rules, relation, twice)), certain)


def _print_verdict(report: CoverageReport, out: Console) -> None:
    unknown = [topic for topic in report.topics if not topic.is_body_known]
    out.print()
    if unknown:
        names = ", ".join(topic.topic for topic in unknown)
        text = f"the body of {names} is not known here: rules were judged by the envelope alone"
        out.print(f"[yellow]![/] {escape(text)}", soft_wrap=True)
    out.print(f"[dim]judged by: {escape(report.catalogue)}[/]", soft_wrap=True)
    mark = "[red]✗[/]" if report.has_findings else "[green]✓[/]"
    said = ", ".join(_verdicts(report)) or "every topic is matched, every rule can match, none is redundant"
    out.print(f"{mark} {escape(report.environment)}: {_size(report)}: {said}", soft_wrap=True)


def _verdicts(report: CoverageReport) -> Iterator[str]:
    if report.unmatched_topics:
        yield f"{_count(report.unmatched_topics, 'topic')} matched by no rule"
    if report.unsatisfiable_rules:
        yield f"{_count(report.unsatisfiable_rules, 'rule')} that no topic can satisfy"
    if report.redundant_rules:
        yield _count(report.redundant_rules, "redundant rule")


def _size(report: CoverageReport) -> str:
    enabled = [rule for rule in report.rules if rule.enabled]
    return f"{_count(report.topics, 'topic')}, {_count(enabled, 'enabled rule')}"


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
