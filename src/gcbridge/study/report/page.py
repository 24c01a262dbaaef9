"""A verification as one page that needs nothing else: no network, no script, no font, no file beside it."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gcbridge.model.bridge import Bridge
from gcbridge.model.legible import legible
from gcbridge.model.result import VerificationReport
from gcbridge.model.verification_words import (
    counted,
    limit_sentence,
    loss_sentence,
    moment_text,
    seconds_text,
    witness_sentence,
)
from gcbridge.study.report.hop_table import hop_rows
from gcbridge.study.report.lights import Lights
from gcbridge.study.report.picture import draw_bridge
from gcbridge.study.report.plots import plot_course, plot_strips
from gcbridge.study.report.sections import choose_ways, facts, group_checks, tiles
from gcbridge.study.report.selection import MARKS

TEXT_MAX = 2500
"""Characters of one value; a pattern has 2,048 at most."""
LOG_LINES_SHOWN = 60
NOTES_SHOWN = 30
HOPS_SHOWN = 40
WORDS = {"failed": "failed", "passed": "passed", "skipped": "skipped"}


def html_page(bridge: Bridge, report: VerificationReport, version: str) -> str:
    """One HTML document; whatever a person or a cloud wrote is text in it, and nothing else.

    A content security policy lets in the page's own style, known by its digest, and nothing else.

    Args:
        bridge: what was verified.
        report: what came of it.
        version: of gcbridge.
    """
    lights = Lights(bridge, report)
    rows, ways = hop_rows(lights), choose_ways(report.traces)
    style = _style()
    return _environment().get_template("page.html.j2").render(
        report=report,
        style=style,
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        headline=_headline(report),
        tiles=tuple(tiles(report)),
        picture=draw_bridge(bridge, report),
        rows=rows,
        rows_shown=HOPS_SHOWN,
        strips=plot_strips(report, rows),
        course=plot_course(report),
        groups=group_checks(report.checks),
        ways=ways,
        left_out=len(report.traces) - len(ways),
        many=report.loss is not None and report.loss.expected > 1,
        facts=tuple(facts(bridge, report, version)),
        log_lines_shown=LOG_LINES_SHOWN,
        notes_shown=NOTES_SHOWN,
    )  # fmt: skip


def _headline(report: VerificationReport) -> str:
    """What the verdict rests on, in a sentence or two."""
    untold = sum(check.status == "skipped" for check in report.checks)
    held = sum(check.status == "passed" for check in report.checks)
    events = ""
    if report.loss is not None:
        events = f"{report.loss.arrived:,} of {counted(report.loss.expected, 'event')} arrived. "
    elif report.traces:
        events = f"{counted(len(report.traces), 'event')} followed. "
    checks = f"{held:,} of {counted(len(report.checks), 'check')} passed"
    return f"{events}{checks}, {untold:,} skipped." if untold else f"{events}{checks}."


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gcbridge.study.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals.update(marks=MARKS, words=WORDS)
    environment.filters.update(
        seconds=seconds_text,
        moment=moment_text,
        counted=counted,
        limit=limit_sentence,
        loss=loss_sentence,
        witness=witness_sentence,
    )
    return environment


@cache
def _style() -> str:
    source, _, _ = PackageLoader("gcbridge.study.report").get_source(_environment(), "page.css")
    return source


def _finalize(value: Any) -> Any:
    """Coordinates need no more than a decimal; text of strangers is cut and cleaned before it is escaped."""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    if len(value) > TEXT_MAX:
        value = f"{value[:TEXT_MAX]}… ({len(value) - TEXT_MAX:,} more characters)"
    return legible(value)
