"""test: the tests of an environment, run offline; plan runs them before it plans."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gcbridge.atomic import write_atomically
from gcbridge.errors import EnvironmentInvalidError, GcbridgeError, Problem, RefusedError
from gcbridge.model.expectation import ExpectationReport, ExpectationResult
from gcbridge.model.origin import KeyPath, nearest_origin
from gcbridge.model.progress import Progress, Watcher
from gcbridge.model.route import EventRoute
from gcbridge.model.spec import ExpectationSpec
from gcbridge.study.traffic.expectations import differences
from gcbridge.study.traffic.junit import junit_text
from gcbridge.study.traffic.route import route_event, router_of
from gcbridge.workflows.environment import Environment
from gcbridge.workspace.event_files import event_texts, parse_events
from gcbridge.workspace.layout import Workspace

INLINE = "inline"
FAILURES_TOLD = 10
Events = dict[str, dict[str, Any]]


def run_tests(workspace: Workspace, environment: Environment) -> ExpectationReport:
    """Every test of an environment: its event against the rules, offline and without credentials.

    Args:
        workspace: where the environment lies, for messages.
        environment: whose tests.

    Raises:
        EnvironmentInvalidError: an event file is missing or holds something else than one event; or org id or
            account id are not written yet.
        InvalidPatternError: EventBridge would refuse the pattern of a rule.
    """
    started = time.monotonic()
    events = read_test_events(workspace, environment)
    bridge = environment.resolve()
    router = router_of(bridge)

    def route(name: str) -> EventRoute:
        return route_event(bridge, router, events[name])

    results = tuple(
        _run(workspace, environment, name, test, route) for name, test in environment.spec.tests.items()
    )
    return ExpectationReport(
        environment=environment.name, results=results, seconds=round(time.monotonic() - started, 3)
    )


def read_test_events(workspace: Workspace, environment: Environment) -> Events:
    """The event of every test.

    Args:
        workspace: where the environment lies, for messages.
        environment: whose tests.

    Raises:
        EnvironmentInvalidError: every event file that is missing or does not hold exactly one event.
    """
    events: Events = {}
    problems = []
    for name, test in environment.spec.tests.items():
        try:
            events[name] = test.event if isinstance(test.event, dict) else _only_event(test.event)
        except (GcbridgeError, OSError) as error:
            path: KeyPath = ("tests", name, "event")
            origin = nearest_origin(environment.document.origins, path)
            problems.append(Problem(f"tests.{name}.event", _told(workspace, error), origin))
    if problems:
        raise EnvironmentInvalidError(
            environment.name,
            problems,
            hint="event paths are relative to the folder of the file that names them",
        )
    return events


def write_junit(path: Path, report: ExpectationReport) -> None:
    """Results for a CI system, whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    write_atomically(path, junit_text(report))


def require_passing_tests(workspace: Workspace, environment: Environment, watch: Watcher) -> None:
    """A plan is only made of rules that do what their tests say.

    Args:
        workspace: where the environment lies.
        environment: what is to be planned.
        watch: is told that tests ran.

    Raises:
        RefusedError: a test failed; says which, and why.
        EnvironmentInvalidError: as `run_tests`.
    """
    if not environment.spec.tests:
        return
    report = run_tests(workspace, environment)
    failures = report.failures
    if failures:
        told = [f"✗ {_summary(result)}" for result in failures[:FAILURES_TOLD]]
        more = [f"and {len(failures) - FAILURES_TOLD} more"] if len(failures) > FAILURES_TOLD else []
        raise RefusedError(
            f"{len(failures)} of {_tests(len(report.results))} of {environment.name} failed, so nothing was planned",
            detail="\n".join(told + more),
            hint=f"gcbridge test {environment.name} says more; to plan all the same: "
            f"gcbridge plan {environment.name} --skip-tests",
        )
    watch(Progress("test", "finished", f"{_tests(len(report.results))} passed", report.seconds))


def _tests(count: int) -> str:
    return "1 test" if count == 1 else f"{count} tests"


def _summary(result: ExpectationResult) -> str:
    first = result.differences[0]
    return f"{result.name} ({result.where}): {first.name} {first.message}"


def _run(
    workspace: Workspace,
    environment: Environment,
    name: str,
    test: ExpectationSpec,
    route: Callable[[str], EventRoute],
) -> ExpectationResult:
    started = time.monotonic()
    found = route(name)
    return ExpectationResult(
        name=name,
        where=str(nearest_origin(environment.document.origins, ("tests", name)) or ""),
        event=INLINE if isinstance(test.event, dict) else workspace.shown(Path(test.event)),
        detail_type=found.detail_type,
        rules=tuple(rule.rule for rule in found.rules if rule.enabled),
        triggers=tuple(trigger.trigger for trigger in found.triggers if trigger.starts),
        differences=differences(test, found),
        seconds=round(time.monotonic() - started, 6),
    )


def _only_event(path: str) -> dict[str, Any]:
    nothing = io.BytesIO()
    events = []
    for text in event_texts(path, nothing):
        events += parse_events(text)
        if len(events) > 1:
            break
    if len(events) != 1:
        count = "more than one event" if events else "no event"
        raise GcbridgeError(f"holds {count}; a test takes one")
    return events[0]


def _told(workspace: Workspace, error: GcbridgeError | OSError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    place = error.where.replace(f"{workspace.root}/", "")
    return f"{error.summary.replace(f'{workspace.root}/', '')}{f' (at {place})' if place else ''}"
