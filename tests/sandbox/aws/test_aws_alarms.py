"""Alarms of CloudWatch: their state, who hears of it, and how they are told over each protocol."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from typing import Any
from xml.etree import ElementTree

import boto3
import botocore.session
import pytest
from botocore.config import Config
from customer_world import CUSTOMER, REGION, wait_for

PROTOCOLS = ("smithy-rpc-v2-cbor", "json", "query")
TOPIC = f"arn:aws:sns:{REGION}:{CUSTOMER}:alarms"


def client_over(aws: Any, protocol: str) -> Any:
    """CloudWatch, spoken to over one of the protocols of its service model."""
    session = botocore.session.get_session()
    loader = session.get_component("data_loader")
    model = loader.load_service_model("cloudwatch", "service-2")
    # The model is the loader's own, which the next session does not share.
    model["metadata"]["protocols"] = [protocol]
    model["metadata"]["protocol"] = protocol
    return boto3.Session(botocore_session=session).client(
        "cloudwatch",
        endpoint_url=aws.endpoint,
        region_name=REGION,
        aws_access_key_id=CUSTOMER,
        aws_secret_access_key="unused",
        config=Config(retries={"max_attempts": 1}),
    )


def alarm_on(bridge: Any, rule: str = "all", **fields: Any) -> dict[str, Any]:
    """An alarm on a rule that matches."""
    return {
        "AlarmName": "matched",
        "AlarmDescription": "<somebody> & somebody else",
        "Namespace": "AWS/Events",
        "MetricName": "TriggeredRules",
        "Dimensions": [
            {"Name": "EventBusName", "Value": bridge.source},
            {"Name": "RuleName", "Value": rule},
        ],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
        "InsufficientDataActions": [],
        **fields,
    }


def state_of(cloudwatch: Any, name: str = "matched") -> str:
    """The alarm's state."""
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def send_to_queue(bridge: Any) -> None:
    """A rule ``all`` with a queue as its target."""
    bridge.add_rule("all", {"Id": "q", "Arn": bridge.add_queue("q", "all")})


def listen(bridge: Any) -> None:
    """A topic for alarms, with a queue behind it."""
    bridge.connect("sns").create_topic(Name="alarms")
    queue = f"arn:aws:sqs:{REGION}:{CUSTOMER}:heard"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bridge.connect("sqs").create_queue(QueueName="heard", Attributes={"Policy": policy})
    bridge.connect("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=queue)


def heard(bridge: Any) -> list[dict[str, Any]]:
    """What the alarms have told their topic since the last time."""
    return [json.loads(json.loads(message["Body"])["Message"]) for message in bridge.receive("heard")]


def test_a_matched_event_raises_the_alarm(bridge: Any) -> None:
    """At once; the topic hears of it though nobody asks."""
    cloudwatch = bridge.connect("cloudwatch")
    send_to_queue(bridge)
    listen(bridge)
    cloudwatch.put_metric_alarm(**alarm_on(bridge))
    assert state_of(cloudwatch) == "OK"
    assert [message["NewStateValue"] for message in heard(bridge)] == ["OK"]
    bridge.send()
    (message,) = wait_for(lambda: heard(bridge))
    assert (message["AlarmName"], message["NewStateValue"]) == ("matched", "ALARM")
    assert state_of(cloudwatch) == "ALARM"


def test_an_alarm_of_another_rule_stays(bridge: Any) -> None:
    """Each combination of dimensions is a metric of its own."""
    cloudwatch = bridge.connect("cloudwatch")
    send_to_queue(bridge)
    cloudwatch.put_metric_alarm(**alarm_on(bridge, "other"))
    cloudwatch.put_metric_alarm(**alarm_on(bridge, AlarmName="none", Dimensions=[]))
    bridge.send()
    assert [state_of(cloudwatch, name) for name in ("matched", "none")] == ["OK", "OK"]


def test_it_is_well_again_when_the_period_has_passed(bridge: Any) -> None:
    """Time alone ends it, and the topic hears of that, too. Ten seconds is the shortest period there is."""
    cloudwatch = bridge.connect("cloudwatch")
    listen(bridge)
    fields = {"Namespace": "Mine", "MetricName": "Errors", "Dimensions": [], "Period": 10}
    cloudwatch.put_metric_alarm(**alarm_on(bridge, **fields))
    cloudwatch.put_metric_data(Namespace="Mine", MetricData=[{"MetricName": "Errors", "Value": 2}])
    assert state_of(cloudwatch) == "ALARM"
    assert [message["NewStateValue"] for message in heard(bridge)] == ["OK", "ALARM"]
    start = time.monotonic()
    (message,) = wait_for(lambda: heard(bridge)) or wait_for(lambda: heard(bridge))
    assert (message["OldStateValue"], message["NewStateValue"]) == ("ALARM", "OK")
    assert 9 < time.monotonic() - start < 25
    history = cloudwatch.describe_alarm_history(AlarmName="matched", HistoryItemType="StateUpdate")
    assert len(history["AlarmHistoryItems"]) == 4


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_alarm_is_told_as_it_was_put(aws: Any, bridge: Any, protocol: str) -> None:
    """Over each protocol, with all of its fields; Terraform's provider compares them."""
    cloudwatch = client_over(aws, protocol)
    given = alarm_on(bridge)
    cloudwatch.put_metric_alarm(**given, Tags=[{"Key": "team", "Value": "cx"}])
    (told,) = cloudwatch.describe_alarms(AlarmNames=["matched"])["MetricAlarms"]
    assert {name: told[name] for name in given} == given
    assert told["StateValue"] == "OK"
    assert told["StateUpdatedTimestamp"].year >= 2026
    (found,) = cloudwatch.describe_alarms_for_metric(
        Namespace="AWS/Events", MetricName="TriggeredRules", Dimensions=given["Dimensions"]
    )["MetricAlarms"]
    assert found == told
    for other in PROTOCOLS:
        (again,) = client_over(aws, other).describe_alarms(AlarmNames=["matched"])["MetricAlarms"]
        assert {name: again[name] for name in given} == given


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_alarm_on_metric_math_keeps_its_metrics(aws: Any, bridge: Any, protocol: str) -> None:
    """It has no metric of its own, and its state is not judged."""
    cloudwatch = client_over(aws, protocol)
    metric = {"Namespace": "AWS/Events", "MetricName": "FailedInvocations", "Dimensions": []}
    metrics = [
        {"Id": "e", "Expression": "FILL(m, 0)", "Label": "Failures", "ReturnData": True},
        {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
    ]
    cloudwatch.put_metric_alarm(
        AlarmName="math",
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=metrics,
    )
    (told,) = cloudwatch.describe_alarms(AlarmNames=["math"])["MetricAlarms"]
    told["Metrics"][1]["MetricStat"]["Metric"].setdefault("Dimensions", [])
    assert told["Metrics"] == metrics
    assert "Period" not in told
    assert told["StateValue"] == "INSUFFICIENT_DATA"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_dashboard_is_told_as_it_was_put(aws: Any, bridge: Any, protocol: str) -> None:
    """Whatever its text holds."""
    cloudwatch = client_over(aws, protocol)
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "a < b & <b>c</b>"}}]})
    cloudwatch.put_dashboard(DashboardName="bridge", DashboardBody=body)
    assert cloudwatch.get_dashboard(DashboardName="bridge")["DashboardBody"] == body


def test_a_form_that_is_refused_is_refused_in_xml(aws: Any) -> None:
    """With the code that the provider looks for."""
    form = urllib.parse.urlencode({"Action": "GetDashboard", "Version": "2010-08-01", "DashboardName": "no"})
    request = urllib.request.Request(
        aws.endpoint, form.encode(), {"Authorization": "Credential=x/x/x/monitoring/"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    with refused.value as answer:
        text = answer.read().decode()
    assert ElementTree.fromstring(text).find(".//{*}Code") is not None
    assert "ResourceNotFound" in text
