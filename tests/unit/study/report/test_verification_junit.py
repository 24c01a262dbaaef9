"""A verification as CI systems read it: every check a case, and what many events prove."""

from xml.etree import ElementTree

import pytest
from sample_verifications import HOSTILE, SAMPLES, lossy, passed

from gcbridge.model.legible import legible
from gcbridge.model.verification_words import hop_latency
from gcbridge.study.event_links import IN_TIME, NONE_LOST
from gcbridge.study.report.junit import junit_xml


def suites(report):
    return {suite.get("name"): suite for suite in ElementTree.fromstring(junit_xml(report))}


def case(suite, name):
    return next(case for case in suite if case.get("name") == name)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_check_is_a_case_once(name):
    """Counts are those of the cases."""
    _, report = SAMPLES[name]()
    found = suites(report)

    cases = [case for suite in found.values() for case in suite]
    names = [case.get("name") for case in cases]
    assert {legible(check.name) for check in report.checks} <= set(names)
    assert len(names) == len(set(names))
    for suite in found.values():
        assert suite.get("tests") == str(len(suite))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    assert any(case.find("failure") is not None for case in cases) == (report.verdict == "failed")


def test_a_failed_check_says_what_to_do():
    """One line for lists, all of it for those who open the case."""
    _, report = SAMPLES["early"]()
    failure = case(suites(report)["dev"], "integration enabled").find("failure")

    assert (failure.get("type"), failure.get("message")) == ("broken link", "intended state DISABLED")
    assert failure.text.startswith(
        "observed: intended state DISABLED\nexpected: intended state ENABLED\nwhat to do: somebody"
    )


def test_a_skipped_check_says_why():
    """Skipped is not passed."""
    _, report = SAMPLES["early"]()
    skipped = case(suites(report)["dev"], "event bus exists").find("skipped")

    assert skipped.get("message") == "skipped: integration enabled is broken"


def test_times_stand_where_they_are_known():
    """Those of the run, and the median to each hop."""
    _, report = passed()
    suite = suites(report)["dev"]

    assert (suite.get("time"), suite.get("timestamp")) == ("74.300", "2026-10-30T14:03:12+00:00")
    seen = case(suite, "event seen on the bus")
    delivered = case(suite, "delivery from rule presence-to-crm to target crm-queue")
    assert float(seen.get("time")) == hop_latency(report).p50
    assert float(delivered.get("time")) == hop_latency(report, "target crm-queue of rule presence-to-crm").p50
    assert case(suite, "genesys organization").get("time") is None
    assert case(suite, "genesys organization").get("classname") == "gcbridge.dev.verify"


def test_events_have_a_suite_of_their_own():
    """Loss, latency and the second witness."""
    found = suites(passed()[1])["dev: events"]

    assert [case.get("name") for case in found] == [NONE_LOST, IN_TIME, "second witness"]
    assert found.get("failures") == "0"


def test_lost_events_fail_the_witness_too():
    """It heard what the bus did not have."""
    found = suites(lossy()[1])["dev: events"]

    assert "191 of 200 arrived" in case(found, NONE_LOST).find("failure").get("message")
    failure = case(found, "second witness").find("failure")
    assert "9 events over the WebSocket only" in failure.get("message")
    assert case(found, IN_TIME).find("failure") is None


def test_figures_are_judged_where_no_check_did():
    """A report may have a loss and a limit without their checks."""
    _, report = lossy()
    bare = report.model_copy(update={"checks": (), "max_latency": 2.0, "witness": None})
    found = suites(bare)["dev: events"]

    assert case(found, NONE_LOST).find("failure").get("message").startswith("9 of 200 events lost")
    assert "of 191 events took longer" in case(found, IN_TIME).find("failure").get("message")


def test_a_witness_that_heard_nothing_is_no_fault_of_the_bridge():
    """It cannot tell anything."""
    _, report = passed()
    deaf = report.witness.model_copy(update={"both": 0, "only_eventbridge": 50})
    found = suites(report.model_copy(update={"witness": deaf}))["dev: events"]

    assert case(found, "second witness").find("skipped") is not None


def test_any_text_can_be_written():
    """What XML cannot hold is replaced; a file that no parser reads would hide the failure."""
    _, report = SAMPLES["hostile"]()
    suite = suites(report)[legible(HOSTILE)]

    assert case(suite, "event seen on the bus").find("failure").get("message") == legible(HOSTILE)
