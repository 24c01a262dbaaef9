"""Rules on a bus whose name has slashes: ARN, tags, targets, state."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_the_arn_carries_bus_and_rule(bridge: Any) -> None:
    """PutRule, DescribeRule and ListRules tell the same ARN."""
    bridge.add_rule("audits", {"Id": "q", "Arn": bridge.add_queue("q")})
    arn = f"arn:aws:events:eu-west-1:123456789012:rule/{bridge.source}/audits"
    assert bridge.events.describe_rule(Name="audits", EventBusName=bridge.source)["Arn"] == arn
    assert [r["Arn"] for r in bridge.events.list_rules(EventBusName=bridge.source)["Rules"]] == [arn]


def test_tags(bridge: Any) -> None:
    """Tags of a rule on a partner bus, and of the bus, can be set, read and removed."""
    bridge.add_rule("audits", {"Id": "q", "Arn": bridge.add_queue("q")}, Tags=[{"Key": "a", "Value": "1"}])
    bus = bridge.events.describe_event_bus(Name=bridge.source)["Arn"]
    for arn, before in ((bridge.rule_arn("audits"), {"a"}), (bus, set())):
        bridge.events.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
        tags = bridge.events.list_tags_for_resource(ResourceARN=arn)["Tags"]
        assert {tag["Key"] for tag in tags} == before | {"b"}
        bridge.events.untag_resource(ResourceARN=arn, TagKeys=["a", "b"])
        assert bridge.events.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


def test_tags_of_a_rule_that_is_not_there(bridge: Any) -> None:
    """An ARN of no rule is refused, as is one of another account's rule."""
    for arn in (bridge.rule_arn("none"), bridge.rule_arn("none").replace("123456789012", "210987654321")):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            bridge.events.list_tags_for_resource(ResourceARN=arn)


def test_a_disabled_rule_does_not_match(bridge: Any) -> None:
    """Only what is sent while the rule is enabled arrives."""
    bridge.add_rule("audits", {"Id": "q", "Arn": bridge.add_queue("q", "audits")}, State="DISABLED")
    name = {"Name": "audits", "EventBusName": bridge.source}
    bridge.send({"n": 1})
    bridge.events.enable_rule(**name)
    bridge.send({"n": 2})
    bridge.events.disable_rule(**name)
    bridge.send({"n": 3})
    assert ['"n": 2' in message["Body"] for message in bridge.receive("q")] == [True]


def test_targets_and_rule_can_be_removed(bridge: Any) -> None:
    """Nothing is left behind."""
    bridge.add_rule("audits", {"Id": "q", "Arn": bridge.add_queue("q")})
    where = {"Rule": "audits", "EventBusName": bridge.source}
    assert [t["Id"] for t in bridge.events.list_targets_by_rule(**where)["Targets"]] == ["q"]
    bridge.events.remove_targets(Ids=["q"], **where)
    assert bridge.events.list_targets_by_rule(**where)["Targets"] == []
    bridge.events.delete_rule(Name="audits", EventBusName=bridge.source)
    assert bridge.events.list_rules(EventBusName=bridge.source)["Rules"] == []
