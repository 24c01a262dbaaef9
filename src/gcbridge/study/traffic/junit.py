"""Results of tests as JUnit XML, which CI systems show beside a build.

Form: what GitLab, Jenkins and GitHub's reporters read in common (`testsuites`, `testsuite`, `testcase`, `failure`);
the format has no standard of its own.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from gcbridge.model.expectation import Difference, ExpectationReport, ExpectationResult

FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (section 2.2)."""


def junit_text(report: ExpectationReport) -> str:
    """The report as a JUnit XML document.

    Args:
        report: tests of one environment.
    """
    counts = {
        "tests": str(len(report.results)),
        "failures": str(len(report.failures)),
        "errors": "0",
        "time": f"{report.seconds:.3f}",
    }
    suites = ElementTree.Element("testsuites", {"name": "gcbridge", **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": report.environment, **counts})
    for result in report.results:
        _add_case(suite, report.environment, result)
    ElementTree.indent(suites)
    body = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _add_case(suite: ElementTree.Element, environment: str, result: ExpectationResult) -> None:
    file, _, line = result.where.rpartition(":")
    attributes = {
        "name": result.name,
        "classname": f"gcbridge.{environment}",
        "time": f"{result.seconds:.3f}",
    }
    place = {"file": file, "line": line} if file else {}
    case = ElementTree.SubElement(
        suite, "testcase", {name: _allowed(text) for name, text in (attributes | place).items()}
    )
    if not result.passed:
        first = result.differences[0]
        failure = ElementTree.SubElement(
            case, "failure", {"type": first.kind, "message": _allowed(f"{first.name} {first.message}")}
        )
        failure.text = _allowed("\n".join(_lines(result)))


def _lines(result: ExpectationResult) -> list[str]:
    head = [f"test: {result.where}", f"event: {result.event} ({result.detail_type})"]
    return [*head, *(line for difference in result.differences for line in _difference_lines(difference))]


def _difference_lines(difference: Difference) -> list[str]:
    lines = [f"{difference.kind}: {difference.name} {difference.message}"]
    if difference.kind == "text differs":
        lines += ["expected:", difference.expected, "received:", difference.received]
    return lines


def _allowed(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)
