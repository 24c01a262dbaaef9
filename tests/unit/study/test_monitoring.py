"""Alarms and dashboards: their names, their text, and what CloudWatch would refuse."""

import json

import pytest
from pydantic import ValidationError

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.monitoring_spec import AlarmSpec, DashboardSpec
from gcbridge.study.monitoring import resolve_alarm, resolve_dashboard
from gcbridge.study.monitoring_checks import monitoring_findings
from gcbridge.study.resolve import resolve
from gcbridge.study.validate import validate_environment

TOPIC = "arn:aws:sns:eu-central-1:123456789012:on-call"


def test_an_alarm_is_named_after_environment_and_rule():
    """Everything else is as it was written."""
    alarm = resolve_alarm("prod", "privileges", AlarmSpec(threshold=3, notify=(TOPIC, TOPIC)))
    assert alarm.name == "gcbridge-prod-privileges"
    assert (alarm.threshold, alarm.period_seconds, alarm.notify) == (3, 300, (TOPIC,))


def body(*widgets):
    """The dashboard's body, read back."""
    return json.loads(
        resolve_dashboard("prod", "eu-central-1", "calls", DashboardSpec(widgets=widgets)).body_json
    )


def test_a_dashboard_is_named_after_environment_and_key():
    """Its text is the same on every machine."""
    one = resolve_dashboard(
        "prod", "eu-central-1", "calls", DashboardSpec(widgets=({"type": "text", "x": 0},))
    )
    other = resolve_dashboard(
        "prod", "eu-central-1", "calls", DashboardSpec(widgets=({"x": 0, "type": "text"},))
    )
    assert one.dashboard_name == "gcbridge-prod-calls"
    assert one.body_json == other.body_json == '{"widgets":[{"type":"text","x":0}]}'


@pytest.mark.parametrize(
    ("widget", "region"),
    [
        ({"type": "metric", "properties": {}}, "eu-central-1"),
        ({"type": "log", "properties": {}}, "eu-central-1"),
        ({"type": "metric", "properties": {"region": "us-east-1"}}, "us-east-1"),
        ({"type": "text", "properties": {}}, None),
        ({"type": "alarm", "properties": {}}, None),
    ],
)
def test_the_region_is_added_where_a_widget_needs_one(widget, region):
    """That of the environment, unless another was written; what was written is left as it was."""
    before = json.dumps(widget)
    (shown,) = body(widget)["widgets"]
    assert shown["properties"].get("region") == region
    assert json.dumps(widget) == before


ENVIRONMENT = {
    "genesys": {
        "region": "eu-central-1",
        "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
        "event_source_suffix": "dev",
        "topics": ["v2.users.{id}.presence"],
    },
    "aws": {"region": "eu-central-1", "account_id": "123456789012"},
    "rules": {
        "watched": {"targets": ["log"], "alarm": {"threshold": 5, "period_seconds": 60}},
        "quiet": {"targets": ["log"]},
    },
    "targets": {"log": {"type": "log_group"}},
    "dashboards": {"calls": {"widgets": [{"type": "text", "properties": {"markdown": "# Calls"}}]}},
}


def test_a_bridge_has_what_its_environment_says():
    """An alarm where a rule has one, and every dashboard."""
    bridge = resolve("dev", validate_environment("dev", ENVIRONMENT, {}))
    assert {rule.name: rule.alarm and rule.alarm.threshold for rule in bridge.rules} == {
        "quiet": None,
        "watched": 5,
    }
    assert [dashboard.dashboard_name for dashboard in bridge.dashboards] == ["gcbridge-dev-calls"]


def test_an_environment_with_a_wrong_widget_is_invalid():
    """As any other wrong value is."""
    wrong = {**ENVIRONMENT, "dashboards": {"calls": {"widgets": [{"type": "graph", "properties": {}}]}}}
    with pytest.raises(EnvironmentInvalidError) as caught:
        validate_environment("dev", wrong, {})
    assert [problem.key for problem in caught.value.problems] == ["dashboards.calls.widgets[0].type"]


def findings(*, notify=(), widgets=()):
    """Where and what, of one alarm and one dashboard."""
    values = {
        "aws": {"region": "eu-central-1"},
        "rules": {"presence": {"alarm": {"notify": list(notify)}}},
        "dashboards": {"calls": {"widgets": list(widgets)}},
    }
    return [(".".join(map(str, path)), text) for path, text in monitoring_findings(values)]


METRIC = {"type": "metric", "properties": {"metrics": [["AWS/Events", "Events"]]}}


@pytest.mark.parametrize(
    "widget",
    [
        METRIC,
        {**METRIC, "x": 0, "y": 0, "width": 24, "height": 1000},
        {"type": "metric", "properties": {"annotations": {"alarms": [TOPIC]}}},
        {"type": "text", "properties": {"markdown": "# Calls"}},
        {"type": "log", "properties": {"query": "SOURCE 'calls' | fields @message"}},
        {"type": "alarm", "properties": {"alarms": [TOPIC]}},
        {"type": "custom", "properties": {"endpoint": "arn:aws:lambda:eu-central-1:123456789012:function:f"}},
        {"type": "explorer", "properties": {}},
    ],
)
def test_a_widget_that_cloudwatch_takes_has_no_findings(widget):
    """Each is one of CloudWatch's own types."""
    assert findings(notify=[TOPIC], widgets=[widget]) == []


@pytest.mark.parametrize(
    ("widget", "where", "message"),
    [
        ({"properties": {}}, "", "type is missing; allowed: alarm, chart, custom"),
        ({"type": "graph", "properties": {}}, ".type", "'graph' is no type of widget; allowed: alarm"),
        ({"type": "metric"}, "", "a widget of type metric needs properties"),
        ({"type": "metric", "properties": {"view": "x"}}, ".properties", "needs metrics or annotations"),
        ({"type": "text", "properties": {"text": "x"}}, ".properties", "needs markdown"),
        ({"type": "log", "properties": {}}, ".properties", "needs query"),
        ({"type": "alarm", "properties": {"alarms": []}}, ".properties", "needs alarms"),
        ({"type": "custom", "properties": {}}, ".properties", "needs endpoint"),
        ({**METRIC, "width": 25}, ".width", "25 is not allowed; allowed: a whole number, 1 to 24"),
        ({**METRIC, "height": 0}, ".height", "0 is not allowed"),
        ({**METRIC, "x": 24, "y": 0}, ".x", "24 is not allowed; allowed: a whole number, 0 to 23"),
        ({**METRIC, "width": "6"}, ".width", "'6' is not allowed"),
        ({**METRIC, "x": 0}, "", "has only one of x and y"),
    ],
)
def test_a_widget_that_cloudwatch_refuses_is_named(widget, where, message):
    """By its place, before the apply."""
    ((place, text),) = findings(widgets=[METRIC, widget])
    assert place == f"dashboards.calls.widgets.1{where}"
    assert message in text


@pytest.mark.parametrize(
    "topic",
    ["arn:aws:sns:us-east-1:123456789012:on-call", "arn:aws-cn:sns:eu-central-1:123456789012:on-call"],
)
def test_a_topic_that_an_alarm_cannot_reach_is_named(topic):
    """CloudWatch answers: Invalid region us-east-1 specified. Only eu-central-1 is supported."""
    ((place, text),) = findings(notify=[TOPIC, topic])
    assert place == "rules.presence.alarm.notify.1"
    assert "topics of the alarm's own region only, which is eu-central-1" in text


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"rules": [], "dashboards": "x", "aws": None},
        {"rules": {"r": {"alarm": {"notify": [3, "x"]}}}, "dashboards": {"d": {"widgets": ["x"]}, "e": None}},
    ],
)
def test_what_is_malformed_is_stepped_around(values):
    """The value-by-value validation says so."""
    assert list(monitoring_findings(values)) == []


@pytest.mark.parametrize("period", [30, 90, 301])
def test_a_period_is_one_that_cloudwatch_has(period):
    """Metrics of EventBridge come once a minute."""
    with pytest.raises(ValidationError):
        AlarmSpec(period_seconds=period)
