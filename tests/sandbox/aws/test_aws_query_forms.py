"""Forms of AWS's Query protocol, and its answers in XML."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from gcbridge.sandbox.aws.query_forms import read_form, write_element

FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "what every form says": ({"Action": ["PutMetricAlarm"], "Version": ["2010-08-01"]}, {}),
    "types": (
        {"AlarmName": ["5"], "Period": ["60"], "Threshold": ["1.5"], "ActionsEnabled": ["false"]},
        {"AlarmName": "5", "Period": 60, "Threshold": 1.5, "ActionsEnabled": False},
    ),
    "an empty list": (
        {"OKActions": [""], "AlarmDescription": [""]},
        {"OKActions": [], "AlarmDescription": ""},
    ),
    "lists in the order of their numbers": (
        {f"AlarmNames.member.{number}": [f"n{number}"] for number in (10, 2, 1)},
        {"AlarmNames": ["n1", "n2", "n10"]},
    ),
    "structures in lists": (
        {
            "Metrics.member.1.Id": ["m"],
            "Metrics.member.1.ReturnData": ["true"],
            "Metrics.member.1.MetricStat.Metric.Dimensions.member.1.Name": ["RuleName"],
        },
        {
            "Metrics": [
                {
                    "Id": "m",
                    "ReturnData": True,
                    "MetricStat": {"Metric": {"Dimensions": [{"Name": "RuleName"}]}},
                }
            ]
        },
    ),
}


@pytest.mark.parametrize(("form", "fields"), FORMS.values(), ids=FORMS)
def test_a_form_reads_as_json_would(form: dict[str, Any], fields: dict[str, Any]) -> None:
    """In the types of CloudWatch."""
    assert read_form(form) == fields


def test_an_answer_in_xml() -> None:
    """Times are ISO 8601, texts are escaped, and what is None is not there."""
    told = {
        "Name": "a < b & c",
        "None": None,
        "On": True,
        "UpdatedTimestamp": 0,
        "Timestamps": [60],
        "No": [],
    }
    root = ElementTree.fromstring(write_element("Result", told))
    assert [(each.tag, each.text, [member.text for member in each]) for each in root] == [
        ("Name", "a < b & c", []),
        ("On", "true", []),
        ("UpdatedTimestamp", "1970-01-01T00:00:00Z", []),
        ("Timestamps", None, ["1970-01-01T00:01:00Z"]),
        ("No", None, []),
    ]
