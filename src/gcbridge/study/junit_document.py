"""JUnit XML, which CI systems show beside a build.

Form: what GitLab, Jenkins and GitHub's reporters read in common (`testsuites`, `testsuite`, `testcase`, `failure`,
`skipped`); the format has no standard of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree

from gcbridge.model.legible import legible


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a case failed.

    Args:
        kind: in two words.
        message: one line, shown in lists.
        text: all of it.
    """

    kind: str
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was judged.

    Args:
        name: as people read it.
        classname: what it belongs to, with dots.
        seconds: how long it took; None where nobody knows.
        failure: None where it did not fail.
        skipped: why nothing could be told; None where something could.
        place: where it is written, as attributes `file` and `line`.
    """

    name: str
    classname: str
    seconds: float | None = None
    failure: Failure | None = None
    skipped: str | None = None
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases that belong together.

    Args:
        name: as people read it.
        cases: in the order that they are shown.
        seconds: how long all of them took.
        started_at: when the first began.
    """

    name: str
    cases: Sequence[Case]
    seconds: float
    started_at: datetime | None = None


def junit_document(suites: Sequence[Suite], seconds: float) -> str:
    """A whole document; whatever XML cannot hold is replaced.

    Args:
        suites: in the order that they are shown.
        seconds: how long all of it took.
    """
    cases = [case for suite in suites for case in suite.cases]
    root = ElementTree.Element("testsuites", {"name": "gcbridge", **_counts(cases, seconds)})
    for suite in suites:
        _add_suite(root, suite)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _counts(cases: Sequence[Case], seconds: float) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(case.failure is not None for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.skipped is not None for case in cases)),
        "time": f"{seconds:.3f}",
    }


def _add_suite(root: ElementTree.Element, suite: Suite) -> None:
    attributes = {"name": suite.name, **_counts(suite.cases, suite.seconds)}
    if suite.started_at is not None:
        attributes["timestamp"] = suite.started_at.isoformat(timespec="seconds")
    element = _add(root, "testsuite", attributes)
    for case in suite.cases:
        _add_case(element, case)


def _add_case(suite: ElementTree.Element, case: Case) -> None:
    took = {} if case.seconds is None else {"time": f"{case.seconds:.3f}"}
    element = _add(suite, "testcase", {"name": case.name, "classname": case.classname, **took, **case.place})
    if case.failure is not None:
        failure = _add(element, "failure", {"type": case.failure.kind, "message": case.failure.message})
        failure.text = legible(case.failure.text)
    if case.skipped is not None:
        _add(element, "skipped", {"message": case.skipped})


def _add(parent: ElementTree.Element, tag: str, attributes: Mapping[str, str]) -> ElementTree.Element:
    cleaned = {name: legible(text) for name, text in attributes.items()}
    return ElementTree.SubElement(parent, tag, cleaned)
