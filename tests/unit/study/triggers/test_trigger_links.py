"""A trigger that is not as declared is named after what differs, and what cannot be told does not break it."""

import pytest

from gcbridge.model.result import Fault, GenesysObservation, Observations
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.trigger_observation import (
    SeenTrigger,
    TriggerObservation,
    TriggerTest,
    TriggerTestPart,
    UntestedTrigger,
    WorkflowObservation,
)
from gcbridge.study.judge import judge
from gcbridge.study.proof_links import keeps_from_proof
from gcbridge.study.report.sections import group_checks
from gcbridge.study.resolve import resolve

TOPIC = "v2.users.{id}.presence"
ORGANIZATION = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
CRITERION = {"jsonPath": "message", "operator": "Equal", "value": "x"}
FLOW = WorkflowObservation(workflow_id="w1", name="Presence log", type="workflow")
THERE = TriggerObservation(
    trigger_id="t1",
    title="gcbridge dev away",
    topic=TOPIC,
    enabled=True,
    workflow_id="w1",
    data_format="TopLevelPrimitives",
    match=(CRITERION,),
    ttl_seconds=60,
)


def result_of(**failed):
    """A test in which the named parts fail, with these details."""
    names = ("schemaValidation", "targetValidation", "jsonPathValidation")
    parts = tuple(
        TriggerTestPart(name=name, holds=name not in failed, details=failed.get(name, ())) for name in names
    )
    return TriggerTest(parts=parts, matches=not failed)


def bridge_with(**trigger):
    written = {
        "topic": TOPIC,
        "workflow": "Presence log",
        "match": [{"json_path": "message", "operator": "Equal", "value": "x"}],
        "ttl": 60,
        **trigger,
    }
    return resolve(
        "dev",
        EnvironmentSpec.model_validate(
            {
                "genesys": {
                    "region": "eu-central-1",
                    "org_id": ORGANIZATION,
                    "event_source_suffix": "dev",
                    "topics": [TOPIC],
                },
                "aws": {"region": "eu-central-1", "account_id": "123456789012"},
                "triggers": {"away": written},
                "flows": {"log": {"file": "flows/log.yaml"}},
            }
        ),
    )


def seen_with(*found, workflow=FLOW, test=None, sample_matches=True, workflow_name=""):
    return SeenTrigger(
        name="away",
        found=found,
        workflow=workflow,
        workflow_name=workflow_name,
        test=test or result_of(),
        sample_matches=sample_matches,
    )


def judged(bridge, triggers):
    """The two checks of the trigger."""
    seen = GenesysObservation(organization_id=ORGANIZATION, integration=None, triggers=triggers)
    report = judge(bridge, Observations(genesys=seen, aws=Fault(summary="no AWS here")))
    checks = {check.name: check for check in report.checks}
    return checks["trigger away"], checks["test of trigger away"]


def test_a_trigger_as_declared_holds():
    """And so does its test."""
    trigger, tested = judged(bridge_with(), (seen_with(THERE),))

    assert (trigger.status, trigger.observed) == (
        "passed",
        "enabled; v2.users.{id}.presence starts 'Presence log'",
    )
    assert (tested.status, "would start the workflow" in tested.observed) == ("passed", True)


@pytest.mark.parametrize(
    ("changes", "observed", "expected"),
    [
        ({"enabled": False}, "disabled", "enabled"),
        ({"topic": "v2.users.{id}.activity"}, "topic v2.users.{id}.activity", f"topic {TOPIC}"),
        ({"match": ()}, "no criteria", 'message Equal "x"'),
        ({"match": ({**CRITERION, "value": 1},)}, "message Equal 1", 'message Equal "x"'),
        (
            {"match": ({**CRITERION, "operator": "outdated_sdk_version"},)},
            'message outdated_sdk_version "x"',
            'message Equal "x"',
        ),
        ({"data_format": "Json"}, "data format Json", "data format TopLevelPrimitives"),
        ({"ttl_seconds": None, "delay_seconds": 60}, "delay 60 s", "ttl 60 s"),
    ],
)
def test_what_differs_is_named(changes, observed, expected):
    """With what to do; the test is skipped, since it would test something else."""
    trigger, tested = judged(bridge_with(), (seen_with(THERE.model_copy(update=changes)),))

    assert (trigger.status, trigger.observed, trigger.expected) == ("failed", observed, expected)
    assert "gcbridge plan dev && gcbridge apply dev" in trigger.hint
    assert tested.status == "skipped"


@pytest.mark.parametrize(
    ("declared", "there", "status"),
    [
        ({"operator": "Equal", "value": 5.0}, {"operator": "Equal", "value": 5}, "passed"),
        ({"operator": "Equal", "value": True}, {"operator": "Equal", "value": 1}, "failed"),
        (
            {"operator": "Equal", "value": "a" * 90 + "b"},
            {"operator": "Equal", "value": "a" * 90 + "c"},
            "failed",
        ),
        ({"operator": "Equal", "value": "x"}, {"operator": "Equal", "value": "x", "values": []}, "passed"),
        ({"operator": "Exists", "value": False}, {"operator": "Exists", "value": False}, "passed"),
        ({"operator": "In", "values": ["a"]}, {"operator": "In", "values": ["a", "b"]}, "failed"),
    ],
)
def test_criteria_are_compared_as_json(declared, there, status):
    """Terraform writes 5.0 as 5; what a line of words has no room for counts too."""
    bridge = bridge_with(match=[{"json_path": "message", **declared}])
    found = THERE.model_copy(update={"match": ({"jsonPath": "message", **there},)})

    trigger, _ = judged(bridge, (seen_with(found),))

    assert trigger.status == status
    assert status == "passed" or trigger.observed != trigger.expected


@pytest.mark.parametrize(
    ("workflow", "seen", "status"),
    [
        ("Presence log", {"workflow": FLOW.model_copy(update={"name": "Other"})}, "failed"),
        ("Presence log", {"workflow": None}, "passed"),
        ("6c1f0e52-0001-4000-8000-000000000001", {}, "failed"),
        ("log", {"workflow_name": "Presence log"}, "passed"),
        ("log", {"workflow_name": "Renamed"}, "failed"),
        ("log", {"workflow_name": ""}, "passed"),
    ],
)
def test_which_workflow_it_starts(workflow, seen, status):
    """By id or name; what cannot be read is left to the test."""
    trigger, _ = judged(bridge_with(workflow=workflow), (seen_with(THERE, **seen),))

    assert trigger.status == status


@pytest.mark.parametrize(
    ("triggers", "observed"),
    [
        ((seen_with(),), "no trigger 'gcbridge dev away'"),
        ((), "no trigger 'gcbridge dev away'"),
        ((seen_with(THERE, THERE.model_copy(update={"trigger_id": "t2"})),), "2 enabled triggers"),
        (
            Fault(
                summary="the OAuth client lacks the permission processautomation:trigger:view", hint="add it"
            ),
            "lacks the permission",
        ),
    ],
)
def test_what_is_not_there(triggers, observed):
    """Deleted, twice, or not to be seen."""
    trigger, _ = judged(bridge_with(), triggers)

    assert trigger.status == "failed"
    assert observed in trigger.observed


@pytest.mark.parametrize(
    ("test", "sample_matches", "status", "said"),
    [
        (
            result_of(targetValidation=("no such workflow",)),
            True,
            "failed",
            "targetValidation: no such workflow",
        ),
        (result_of(schemaValidation=()), True, "skipped", "schemaValidation: failed"),
        (
            result_of(jsonPathValidation=("message Equal does not hold",)),
            True,
            "failed",
            "jsonPathValidation",
        ),
        (result_of(jsonPathValidation=()), False, "passed", "no sample that meets the criteria"),
        (
            UntestedTrigger(reason="not tested: lacks processautomation:trigger:test", hint="add it"),
            None,
            "skipped",
            "lacks",
        ),
    ],
)
def test_what_the_test_says(test, sample_matches, status, said):
    """A part that fails is named; a missing permission is no broken trigger."""
    trigger, tested = judged(bridge_with(), (seen_with(THERE, test=test, sample_matches=sample_matches),))

    assert trigger.status == "passed"
    assert tested.status == status
    assert said in tested.observed
    assert tested.status != "failed" or tested.hint


def test_a_trigger_that_is_declared_disabled_is_no_fault():
    """It starts nothing, and is not tested; one that somebody switched on is a fault."""
    bridge = bridge_with(enabled=False)
    off = THERE.model_copy(update={"enabled": False})

    trigger, tested = judged(bridge, (seen_with(off, test=result_of(targetValidation=())),))
    assert (trigger.status, tested.status) == ("passed", "skipped")
    assert judged(bridge, (seen_with(THERE),))[0].status == "failed"


def test_a_broken_trigger_keeps_no_event_from_being_caused():
    """It is not on the way to AWS."""
    for check in judged(bridge_with(), (seen_with(THERE, test=result_of(targetValidation=())),)):
        assert not keeps_from_proof(check)
    for check in judged(bridge_with(), ()):
        assert not keeps_from_proof(check)


def test_the_page_lists_them_together():
    """Under a heading of their own."""
    (group,) = group_checks(judged(bridge_with(), (seen_with(THERE),)))

    assert group.title == "Triggers"
