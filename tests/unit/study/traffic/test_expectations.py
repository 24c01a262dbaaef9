"""A test is held against what the rules do: rules and targets exactly, texts by what they stand for."""

import pytest
from traffic_bridge import audit, bridge

from gcbridge.model.route import EventRoute
from gcbridge.model.spec import ExpectationSpec
from gcbridge.study.traffic.expectations import differences, first_difference, is_as_expected
from gcbridge.study.traffic.route import route_event, router_of

RECEIVED = {"who": "My client", "rule": "deleted"}


def found(event=None, **expected):
    test = ExpectationSpec.model_validate({"event": "x.json", **expected})
    route = route_event(bridge(), router_of(bridge()), event or audit())
    return [(d.kind, d.name, d.message) for d in differences(test, route)]


@pytest.mark.parametrize(
    "expected",
    [
        {"rules": ["deleted"]},
        {"rules": ["deleted"], "targets": ["crm", "log"]},
        {"rules": ["deleted"], "targets": {}},
        {"rules": ["deleted"], "targets": {"crm": RECEIVED}},
        {"rules": ["deleted"], "targets": {"crm": '{"who":"My client","rule":"deleted"}'}},
        {"rules": ["deleted"], "targets": {"crm": RECEIVED, "log": audit()}},
    ],
)
def test_what_passes(expected):
    """A list of targets is complete; a mapping only says something of those that it names."""
    assert found(**expected) == []


def test_no_rule():
    """An empty list says that nothing matches."""
    assert found(audit(action="Update"), rules=[], targets=[]) == []
    assert found(rules=[]) == [("rule unexpected", "deleted", "matches, and the test does not name it")]


@pytest.mark.parametrize(
    ("expected", "kind", "name", "said"),
    [
        ({"rules": ["deleted", "presence"]}, "rule missing", "presence", "does not match: detail-type: "),
        ({"rules": ["deleted", "paused"]}, "rule missing", "paused", "matches, but is disabled"),
        ({"rules": ["deleted"], "targets": ["crm"]}, "target unexpected", "log", "receives the event"),
        (
            {"rules": ["deleted"], "targets": {"crm": {**RECEIVED, "who": "Yours"}}},
            "text differs",
            "crm",
            'receives something else: who is "My client", not "Yours"',
        ),
        (
            {"rules": ["deleted"], "targets": {"crm": "My client"}},
            "text differs",
            "crm",
            "receives something else: it is {",
        ),
    ],
)
def test_what_fails_says_what_differs(expected, kind, name, said):
    """Rules that are missing say what kept them from matching."""
    ((found_kind, found_name, message),) = found(**expected)

    assert (found_kind, found_name) == (kind, name)
    assert said in message


def test_targets_of_a_rule_that_does_not_match_receive_nothing():
    """Both are said."""
    kinds = [kind for kind, _, _ in found(audit(action="Update"), rules=["deleted"], targets=["crm", "log"])]

    assert kinds == ["rule missing", "target missing", "target missing"]


@pytest.mark.parametrize(
    ("expected", "text", "equal"),
    [
        ("plain text", "plain text", True),
        ("a text", '"a text"', True),
        ('"a text"', '"a text"', True),
        ({"b": 1, "a": [1, 2]}, '{"a":[1,2],"b":1}', True),
        ({"a": 1}, '{"a": 1.0}', True),
        ({"a": None}, '{"a":null}', True),
        ("", '""', True),
        (5, "5", True),
        (None, "null", True),
        ("5", "5", True),
        ({"a": 1}, '{"a": true}', False),
        ({"a": 1}, '{"a": "1"}', False),
        ({"a": 1}, '{"a":1,"b":2}', False),
        ([1, 2], "[2,1]", False),
        (True, "1", False),
        (None, "", False),
        ({"a": 1}, "no JSON", False),
    ],
)
def test_a_text_is_as_expected(expected, text, equal):
    """The very text, or the value of its JSON: order and spaces do not count, types do."""
    assert is_as_expected(expected, text) is equal


@pytest.mark.parametrize(
    ("expected", "received", "said"),
    [
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, "a.b[1].c is 3, not 2"),
        ({"a": 1}, {}, "a is missing"),
        ({}, {"a": 1}, "a was not expected"),
        ([1], [1, 2], "it has 2 elements, not 1"),
        ({"a": 1}, "text", 'it is "text", not {"a": 1}'),
        (1, True, "it is true, not 1"),
    ],
)
def test_the_first_difference(expected, received, said):
    """Where to look in a long text."""
    assert first_difference(expected, received) == said


def test_every_text_that_a_target_receives_is_compared():
    """Two rules send to one target, and each makes a text of its own: one that fits does not excuse the other."""
    route = EventRoute.model_validate(
        {
            "event_id": "e1",
            "detail_type": "t",
            "where": "x.json:1",
            "rules": [
                {
                    "rule": name,
                    "enabled": True,
                    "deliveries": [
                        {"target": "hook", "type": "sqs", "text": f'{{"by":"{name}"}}', "whole_event": False}
                    ],
                }
                for name in ("first", "second")
            ],
            "unmatched": [],
        }
    )
    test = ExpectationSpec.model_validate(
        {"event": "x.json", "rules": ["first", "second"], "targets": {"hook": {"by": "first"}}}
    )

    assert [(d.kind, d.name) for d in differences(test, route)] == [("text differs", "hook")]
