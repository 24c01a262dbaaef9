"""Which workflows an event would start, which tests of an environment that fulfils, and what is printed of it."""

import io

import pytest
from rich.console import Console

from gcbridge.cli.expectations import print_tests
from gcbridge.cli.route_printing import print_route
from gcbridge.model.expectation import ExpectationReport, ExpectationResult
from gcbridge.model.spec import EnvironmentSpec, ExpectationSpec
from gcbridge.study.resolve import resolve
from gcbridge.study.traffic.expectations import differences
from gcbridge.study.traffic.junit import junit_text
from gcbridge.study.traffic.route import route_event, router_of

PRESENCE, ACTIVITY = "v2.users.{id}.presence", "v2.users.{id}.activity"


def trigger(value="AWAY", **more):
    match = [{"json_path": "presence", "operator": "Equal", "value": value}]
    return {"topic": PRESENCE, "workflow": "log", "match": match, **more}


BRIDGE = resolve(
    "dev",
    EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": [PRESENCE],
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "triggers": {
                "away": trigger(ttl=60),
                "busy": trigger("BUSY", workflow="Busy log", delay=90, data_format="Json"),
                "off": trigger(enabled=False),
                "other": {"topic": ACTIVITY, "workflow": "log"},
            },
            "flows": {"log": {"file": "flows/log.yaml"}},
        }
    ),
)
ROUTER = router_of(BRIDGE)


def routed(presence="AWAY", **options):
    body = {"presence": presence, "below": {"deep": 1}}
    return route_event(BRIDGE, ROUTER, {"detail-type": PRESENCE, "detail": {"eventBody": body}}, **options)


def test_triggers_of_a_route():
    """Those that match come first, then the nearest; only those that start say with what."""
    route = routed()

    assert [(one.trigger, one.matched, one.starts) for one in route.triggers] == [
        ("away", True, True),
        ("off", True, False),
        ("busy", False, False),
        ("other", False, False),
    ]
    assert [one.input for one in route.triggers] == [{"presence": "AWAY"}, None, None, None]
    assert route.triggers[2].miss == 'presence: is "AWAY"; wanted "BUSY"'
    assert route.triggers[3].miss == f"topic: is {PRESENCE}; wanted {ACTIVITY}"


@pytest.mark.parametrize(("presence", "something"), [("AWAY", True), ("BUSY", True), ("MEAL", False)])
def test_an_event_that_starts_a_workflow_reaches_something(presence, something):
    """Though no target receives it."""
    route = routed(presence)

    assert not route.is_delivered
    assert route.reaches_something is something


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (None, []),
        (["away"], []),
        ([], [("trigger unexpected", "away", "starts flow log, and the test does not name it")]),
        (
            ["away", "off", "busy"],
            [
                ("trigger missing", "off", "matches, but is disabled"),
                ("trigger missing", "busy", 'does not match: presence: is "AWAY"; wanted "BUSY"'),
            ],
        ),
    ],
)
def test_what_a_test_expects_of_triggers(expected, found):
    """These and no others; not looked at where it says nothing."""
    test = ExpectationSpec.model_validate({"event": "x.json", "rules": [], "triggers": expected})

    assert [(one.kind, one.name, one.message) for one in differences(test, routed())] == found


def test_what_is_printed():
    """The workflow, its input, when; and why not the others."""
    out = Console(file=io.StringIO(), width=200)
    print_route(routed("BUSY", explain=True), out, explain=True)
    text = out.file.getvalue()

    assert "✓ trigger busy, 90 s later" in text
    assert (
        '-> workflow Busy log (Json) starts with {"jsonData": {"presence": "BUSY", "below": {"deep": 1}}}'
        in text
    )
    assert '✗ trigger off (disabled): presence: is "BUSY"; wanted "AWAY"' in text
    assert '✓ presence  "BUSY"  "BUSY"' in text


def report_of(test):
    result = ExpectationResult(
        name="one",
        where="environments/dev.yaml:9",
        event="inline",
        detail_type=PRESENCE,
        rules=(),
        triggers=("away",),
        differences=differences(test, routed()),
        seconds=0.1,
    )
    return ExpectationReport(environment="dev", results=(result,), seconds=0.1)


def test_a_failed_test_is_told(capsys):
    """On the terminal and to CI."""
    report = report_of(ExpectationSpec.model_validate({"event": "x.json", "rules": [], "triggers": ["off"]}))

    print_tests(report)

    said = capsys.readouterr().out
    assert "triggers that start" in said
    assert "trigger off matches, but is disabled" in said
    assert "trigger away starts flow log, and the test does not name it" in said
    assert 'type="trigger missing"' in junit_text(report)
