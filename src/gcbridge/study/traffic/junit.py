"""Results of tests as JUnit XML."""

from __future__ import annotations

from gcbridge.model.expectation import Difference, ExpectationReport, ExpectationResult
from gcbridge.study.junit_document import Case, Failure, Suite, junit_document


def junit_text(report: ExpectationReport) -> str:
    """The report as a JUnit XML document.

    Args:
        report: tests of one environment.
    """
    cases = [_case(report.environment, result) for result in report.results]
    return junit_document([Suite(report.environment, cases, report.seconds)], report.seconds)


def _case(environment: str, result: ExpectationResult) -> Case:
    file, _, line = result.where.rpartition(":")
    return Case(
        name=result.name,
        classname=f"gcbridge.{environment}",
        seconds=result.seconds,
        failure=None if result.passed else _failure(result),
        place={"file": file, "line": line} if file else {},
    )


def _failure(result: ExpectationResult) -> Failure:
    first = result.differences[0]
    return Failure(first.kind, f"{first.name} {first.message}", "\n".join(_lines(result)))


def _lines(result: ExpectationResult) -> list[str]:
    head = [f"test: {result.where}", f"event: {result.event} ({result.detail_type})"]
    return [*head, *(line for difference in result.differences for line in _difference_lines(difference))]


def _difference_lines(difference: Difference) -> list[str]:
    lines = [f"{difference.kind}: {difference.name} {difference.message}"]
    if difference.kind == "text differs":
        lines += ["expected:", difference.expected, "received:", difference.received]
    return lines
