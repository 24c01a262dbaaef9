"""A verification as JUnit XML: every check is a case; loss, latency and the second witness have a suite of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gcbridge.model.result import Check, VerificationReport
from gcbridge.model.verification_words import (
    BUS_HOP,
    counted,
    late_events,
    limit_sentence,
    loss_sentence,
    witness_sentence,
)
from gcbridge.study.event_links import EVENT_SEEN, IN_TIME, NONE_LOST
from gcbridge.study.junit_document import Case, Failure, Suite, junit_document

WITNESS = "second witness"
OF_EVENTS = frozenset({NONE_LOST, IN_TIME})
"""Checks that stand in the suite of events."""


def junit_xml(report: VerificationReport) -> str:
    """A JUnit XML document of one suite of links and, where events were followed, one of events.

    Args:
        report: what came of a verification.
    """
    times = _times(report)
    links = [_case(report, check, times) for check in report.checks if check.name not in OF_EVENTS]
    suites = [Suite(report.environment, links, report.seconds, report.started_at)]
    events = list(_event_cases(report, times))
    if events:
        suites.append(Suite(f"{report.environment}: events", events, 0.0, report.started_at))
    return junit_document(suites, report.seconds)


def _times(report: VerificationReport) -> Mapping[str, float]:
    """Check -> median seconds to the hop that it judges, where it judges one."""
    times = {}
    for latency in report.latencies:
        if latency.hop == BUS_HOP:
            times[EVENT_SEEN] = times[NONE_LOST] = latency.p50
            times[IN_TIME] = latency.maximum
        target, of_rule, rule = latency.hop.removeprefix("target ").partition(" of rule ")
        if of_rule:
            times[f"delivery from rule {rule} to target {target}"] = latency.p50
    return times


def _case(report: VerificationReport, check: Check, times: Mapping[str, float]) -> Case:
    return Case(
        name=check.name,
        classname=f"gcbridge.{report.environment}.verify",
        seconds=times.get(check.name),
        failure=_failure(check) if check.status == "failed" else None,
        skipped=check.observed if check.status == "skipped" else None,
    )


def _failure(check: Check) -> Failure:
    lines = (("observed", check.observed), ("expected", check.expected), ("what to do", check.hint))
    text = "\n".join(f"{name}: {value}" for name, value in lines if value)
    return Failure("broken link", check.observed, text)


def _event_cases(report: VerificationReport, times: Mapping[str, float]) -> Iterator[Case]:
    """What was judged is taken as it was; a report without the check is judged by its figures."""
    checks = {check.name: check for check in report.checks}
    if NONE_LOST in checks:
        yield _case(report, checks[NONE_LOST], times)
    elif report.loss is not None:
        yield _case(report, _judged(NONE_LOST, loss_sentence(report.loss), report.loss.lost > 0), times)
    if IN_TIME in checks:
        yield _case(report, checks[IN_TIME], times)
    elif report.max_latency is not None:
        yield _case(report, _judged(IN_TIME, limit_sentence(report), bool(late_events(report))), times)
    if report.witness is not None:
        yield _case(report, _judge_witness(report), times)


def _judged(name: str, observed: str, failed: bool) -> Check:
    return Check(name=name, status="failed" if failed else "passed", observed=observed)


def _judge_witness(report: VerificationReport) -> Check:
    """What Genesys Cloud told one and not the other was lost between the two clouds; deafness of the witness is no fault."""
    witness = report.witness
    assert witness is not None
    sentence = witness_sentence(witness)
    if not witness.both and not witness.only_websocket:
        return Check(name=WITNESS, status="skipped", observed=sentence)
    if not witness.only_websocket:
        return Check(name=WITNESS, status="passed", observed=sentence)
    return Check(
        name=WITNESS,
        status="failed",
        observed=sentence,
        expected="every event that the WebSocket told of on the bus, too",
        hint=f"{counted(witness.only_websocket, 'event')} left Genesys Cloud and did not arrive: the way between is at fault",
    )
