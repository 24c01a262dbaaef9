"""What EventBridge would refuse, or take and change without a word, is refused with its place."""

import pytest

from gcbridge.study.patterns.quotas import wildcard_findings
from gcbridge.study.patterns.shape import shape_findings, whole_pattern_findings

UUID = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"


def found(pattern):
    return [(".".join(map(str, path)), text) for path, text in whole_pattern_findings(pattern, ("pattern",))]


@pytest.mark.parametrize(
    ("pattern", "key", "message"),
    [
        # Shape
        ({}, "pattern", "an empty object matches nothing"),
        ({"detail": {"a": "x"}}, "pattern.detail.a", 'write ["x"]'),
        ({"detail": {"a": []}}, "pattern.detail.a", "an empty array matches nothing"),
        (
            {"detail": {"a": [{"prefx": "x"}]}},
            "pattern.detail.a.0",
            "unknown operator prefx; did you mean prefix?",
        ),
        ({"detail": {"a": [{"prefix": 5}]}}, "pattern.detail.a.0.prefix", "prefix takes a text"),
        ({"detail": {"a": [{"wildcard": "a**b"}]}}, "pattern.detail.a.0.wildcard", "** at position 1"),
        ({"detail": {"a": [{"cidr": "10.0.0.0/33"}]}}, "pattern.detail.a.0.cidr", "fewer than 32 mask bits"),
        ({"detail": {"a": [{"numeric": [">", 5, "<", 1]}]}}, "pattern.detail.a.0.numeric", "is empty"),
        ({"detail": {"$or": [{"a": [1]}]}}, "pattern.detail.$or", "$or needs two or more objects"),
        (
            {"detail": {key: {"$or": [{f"f{n}": [1]} for n in range(11)]} for key in "abc"}},
            "pattern.detail.c.$or",
            "$or makes more than 1000 combinations; split the rule into several",
        ),
        # Numbers that Terraform rewrites
        ({"detail": {"a": [1.0]}}, "pattern.detail.a.0", "another number than 1.0"),
        (
            {"detail": {"$or": [{"a": [2.0]}, {"b": [1]}]}},
            "pattern.detail.$or.0.a.0",
            "another number than 2.0",
        ),
        # Fields at the top
        ({"source": ["x"], "account": ["1"]}, "pattern.source", "leave it out: gcbridge pins source"),
        ({"$or": [{"source": ["x"]}, {"account": ["1"]}]}, "pattern.$or.0.source", "leave it out"),
        (
            {"detial": {"a": [1]}},
            "pattern.detial",
            "an EventBridge event has no such field; did you mean detail?",
        ),
        ({"eventBody": {"a": [1]}}, "pattern.eventBody", "did you mean detail.eventBody?"),
        # A concrete id where the topic's template stands
        (
            {"detail-type": [f"v2.users.{UUID}.presence"]},
            "pattern.detail-type.0",
            "write v2.users.{id}.presence here, and the id into detail.topicName",
        ),
        ({"detail-type": [{"prefix": f"v2.users.{UUID}"}]}, "pattern.detail-type.0", "holds a concrete id"),
        # One field twice
        (
            {"detail": {"a": [1]}, "$or": [{"detail": {"a": [2]}}, {"detail": {"b": [3]}}]},
            "pattern.$or.0.detail.a",
            "detail.a also stands at pattern.detail.a, and EventBridge silently drops one of the two: keep one",
        ),
        ({"detail": {"a": [1]}, "detail.a": [2]}, "pattern.detail.a", "keep one"),
        ({"detail": {"a.b": [1], "a": {"b": [2]}}}, "pattern.detail.a.b", "keep one"),
        (
            {"detail": {"$or": [{"a": [1]}, {"b": [1]}]}, "$or": [{"detail.b": [1]}, {"account": ["1"]}]},
            "pattern.$or.0.detail.b",
            "also stands at pattern.detail.$or[1].b",
        ),
    ],
)
def test_what_would_not_do_as_written_is_refused(pattern, key, message):
    """Each line: a pattern, where the fault lies, and what the message says about it."""
    said = found(pattern)

    assert any(key == at and message in text for at, text in said), said


@pytest.mark.parametrize(
    "pattern",
    [
        {"detail-type": ["v2.users.{id}.presence"], "replay-name": [{"exists": False}]},
        {"detail.eventBody.action": ["Delete"]},
        {"detail": {"$or": [{"a": [1], "b": [1]}, {"a": [2]}]}},
        {"$or": [{"detail": {"a": [1]}}, {"detail.a": [2]}]},
        {"detail": {"a": [1, 0.5, True, None, "", {"numeric": ["=", 1.0]}]}},
        {"detail": {"topicName": [f"v2.users.{UUID}.presence"]}},
    ],
)
def test_what_eventbridge_takes_as_written_is_accepted(pattern):
    """The alternatives of one $or may name one field, for only one of them counts at a time."""
    assert found(pattern) == []


def test_a_pattern_of_source_alone_has_one_fault():
    """Without source it would be empty, and nobody asked for that."""
    assert [key for key, _ in found({"source": ["aws.partner/genesys.com"]})] == ["pattern.source"]


def test_a_fragment_is_checked_below_detail():
    """There `source` is a field like any other."""
    assert list(shape_findings({"source": ["x"]}, ("where",))) == []


def test_a_bus_takes_30_rules_with_wildcards():
    """Inside anything-but they count too; AWS raises this quota for nobody."""
    rules = {f"r{n}": {"where": {"a": [{"wildcard": "*x"}]}} for n in range(29)}
    rules["but"] = {"pattern": {"detail": {"a": [{"anything-but": {"wildcard": "*x"}}]}}}
    rules["prefix"] = {"where": {"a": [{"prefix": "x"}]}}
    rules["malformed"] = {"where": {"a": [{"wildcard": 5}]}}
    assert list(wildcard_findings(rules)) == []

    rules["one-more"] = {"where": {"a": [{"wildcard": "x*"}]}}
    ((path, text),) = wildcard_findings(rules)

    assert path == ("rules",)
    assert "31 of them use wildcard; EventBridge allows 30 a bus" in text
