"""CloudWatch's answers that the emulated AWS does not give: pages, and no permission."""

from datetime import datetime, timedelta, timezone

import pytest
from botocore.stub import Stubber

from gcbridge.aws.metrics import QUERIES_AT_ONCE, observe_metrics
from gcbridge.aws.session import open_aws
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve

PRESENCE = "v2.users.{id}.presence"
SINCE = datetime(2026, 11, 23, 10, 0, 40, tzinfo=timezone.utc)
UNTIL = SINCE + timedelta(minutes=2)


def make_bridge(*rules):
    spec = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": [PRESENCE],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "rules": {name: {"topics": [PRESENCE], "targets": ["queue"]} for name in rules},
        "targets": {"queue": {"type": "sqs"}},
    }
    return resolve("dev", EnvironmentSpec.model_validate(spec))


@pytest.fixture
def aws():
    return open_aws(make_bridge("presence").aws, environ={"AWS_ACCESS_KEY_ID": "x"})


def result(number, *values):
    return {"Id": f"q{number}", "Values": list(values), "Timestamps": [SINCE] * len(values)}


def test_whole_minutes_of_exactly_these_metrics(aws):
    """Names, case and dimensions are AWS's; a metric that goes on on the next page is one metric."""
    requests = []
    with Stubber(aws.client("cloudwatch")) as cloudwatch:
        pages = [{"MetricDataResults": [result(0, 2.0, 1.0), result(1, 4.0)], "NextToken": "more"}]
        pages.append({"MetricDataResults": [result(1, 1.0), result(6, 3.0), result(7, 3.0)]})
        for page in pages:
            cloudwatch.add_response("get_metric_data", page)
        aws.client("cloudwatch").meta.events.register(
            "provide-client-params.cloudwatch.GetMetricData",
            lambda params, **_: requests.append(params),
        )
        found = observe_metrics(aws, make_bridge("presence"), SINCE, UNTIL)

    assert (found.events, found.rule("presence").triggered) == (3, 5)
    assert found.rule("presence").matched_events == 3
    assert (requests[0]["StartTime"], requests[0]["EndTime"]) == (
        SINCE.replace(second=0),
        UNTIL.replace(second=0) + timedelta(minutes=1),
    )
    bus = make_bridge("presence").event_bus_name
    named = {(each["MetricName"], *sorted(each["Dimensions"])) for each in map(metric_of, queries(requests))}
    assert ("Events", ("EventSourceName", bus)) in named
    for name in ("TriggeredRules", "Invocations", "FailedInvocations", "InvocationsSentToDlq"):
        assert (name, ("EventBusName", bus), ("RuleName", "presence")) in named
    assert not [each for each in named if each[1:] == (("RuleName", "presence"),)]


def queries(requests):
    return requests[0]["MetricDataQueries"]


def metric_of(query):
    metric = query["MetricStat"]["Metric"]
    assert (metric["Namespace"], query["MetricStat"]["Stat"]) == ("AWS/Events", "Sum")
    dimensions = [(each["Name"], each["Value"]) for each in metric["Dimensions"]]
    return {"MetricName": metric["MetricName"], "Dimensions": dimensions}


def test_many_rules(aws):
    """No more than 500 queries are in one call."""
    sizes = []
    bridge = make_bridge(*(f"rule-{number}" for number in range(100)))
    with Stubber(aws.client("cloudwatch")) as cloudwatch:
        for _ in range(2):
            cloudwatch.add_response("get_metric_data", {"MetricDataResults": []})
        aws.client("cloudwatch").meta.events.register(
            "provide-client-params.cloudwatch.GetMetricData",
            lambda params, **_: sizes.append(len(params["MetricDataQueries"])),
        )
        found = observe_metrics(aws, bridge, SINCE, UNTIL)

    assert sizes == [QUERIES_AT_ONCE, 1 + 8 * 100 - QUERIES_AT_ONCE]
    assert len(found.rules) == 100


def test_not_allowed(aws):
    """Without the permission nothing is told, and the missing action is named."""
    with Stubber(aws.client("cloudwatch")) as cloudwatch:
        cloudwatch.add_client_error("get_metric_data", "AccessDenied", "no")
        found = observe_metrics(aws, make_bridge("presence"), SINCE, UNTIL)

    assert (found.events, found.rules) == (0, ())
    assert "allow the IAM action cloudwatch:GetMetricData" in found.detail
