"""Calls of CloudWatch that ministack answers in part, over each of its three protocols.

It reads and tells less of an alarm over the Query protocol, which Terraform's provider speaks up to
version 5, than over JSON. Here a form is read as JSON, and the answer written as XML.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ministack.services import cloudwatch

from gcbridge.sandbox.aws.answers import Answer, is_ok
from gcbridge.sandbox.aws.query_forms import read_form, write_element

Fields: TypeAlias = dict[str, Any]
Call: TypeAlias = Callable[[Fields, Fields, bool, bool], Answer]

# An alarm on metric math has these and none of the fields of a single metric.
MATH_FIELDS = ("Metrics", "ThresholdMetricId")
SINGLE_FIELDS = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")
OPTIONAL_FIELDS = ("EvaluateLowSampleCountPercentile",)


class ExactDimensions(dict[str, str]):
    """Dimensions that a metric must have and no others; with none of them, it must have none."""

    def __bool__(self) -> bool:
        """That there are none is a condition, too; ministack takes all metrics of the name then."""
        return True


def dimensions_from_list(original: Callable[[list[Fields]], dict[str, str]], dimensions: list[Fields]) -> Any:
    """The dimensions of a request for a metric."""
    return ExactDimensions(original(dimensions))


def ask_as_json(original: Call, fields: Fields) -> Answer:
    """What the call answers over JSON."""
    return original({}, fields, False, True)


def answer_form(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool, *, action: str
) -> Answer:
    """Answer one of CloudWatch's calls; a form in XML, with all that JSON would tell."""
    if is_cbor or is_json:
        return original(params, cbor_data, is_cbor, is_json)
    answer = ask_as_json(original, read_form(params))
    if not is_ok(answer):
        return original(params, cbor_data, is_cbor, is_json)
    inner = write_element(f"{action}Result", json.loads(answer[2]))
    made: Answer = cloudwatch._xml(200, f"{action}Response", inner)
    return made


def describe_alarms(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool = False
) -> Answer:
    """DescribeAlarms, in the state that they are in now."""
    cloudwatch._evaluate_all_alarms()
    return answer_form(original, params, cbor_data, is_cbor, is_json, action="DescribeAlarms")


def describe_alarms_for_metric(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool = False
) -> Answer:
    """DescribeAlarmsForMetric, in the state that they are in now."""
    cloudwatch._evaluate_all_alarms()
    return answer_form(original, params, cbor_data, is_cbor, is_json, action="DescribeAlarmsForMetric")


def get_metric_statistics(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool = False
) -> Answer:
    """GetMetricStatistics."""
    return answer_form(original, params, cbor_data, is_cbor, is_json, action="GetMetricStatistics")


def get_metric_data(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool = False
) -> Answer:
    """GetMetricData."""
    return answer_form(original, params, cbor_data, is_cbor, is_json, action="GetMetricData")


def get_dashboard(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool = False
) -> Answer:
    """GetDashboard; ministack does not escape the body for XML."""
    return answer_form(original, params, cbor_data, is_cbor, is_json, action="GetDashboard")


def complete_alarm(alarm: Fields, asked: Fields) -> None:
    """Keep what ministack leaves out of an alarm, and forget what it makes up for one on metric math."""
    alarm.update({name: asked[name] for name in (*MATH_FIELDS, *OPTIONAL_FIELDS) if asked.get(name)})
    if asked.get("Metrics"):
        for name in SINGLE_FIELDS:
            alarm.pop(name, None)
    elif asked.get("ExtendedStatistic"):
        alarm["Statistic"] = None


def put_metric_alarm(
    original: Call, params: Fields, cbor_data: Fields, is_cbor: bool, is_json: bool = False
) -> Answer:
    """PutMetricAlarm: keep all of the alarm, and see at once which state it is in."""
    is_form = not (is_cbor or is_json)
    asked = read_form(params) if is_form else cbor_data
    answer = ask_as_json(original, asked) if is_form else original(params, cbor_data, is_cbor, is_json)
    if not is_ok(answer):
        return original(params, cbor_data, is_cbor, is_json) if is_form else answer
    alarm = cloudwatch._alarms[asked["AlarmName"]]
    complete_alarm(alarm, asked)
    cloudwatch._evaluate_alarm(alarm)
    made: Answer = cloudwatch._xml(200, "PutMetricAlarmResponse", "") if is_form else answer
    return made


CALLS: Mapping[str, Callable[..., Answer]] = {
    "_put_metric_alarm": put_metric_alarm,
    "_describe_alarms": describe_alarms,
    "_describe_alarms_for_metric": describe_alarms_for_metric,
    "_get_metric_statistics": get_metric_statistics,
    "_get_metric_data": get_metric_data,
    "_get_dashboard": get_dashboard,
}
