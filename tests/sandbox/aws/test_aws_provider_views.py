"""Answers that the Terraform provider compares with what it asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/firehose"


def policy_of(events: Any, bus: str = "calls") -> Any:
    """The resource policy of the bus, or None."""
    policy = events.describe_event_bus(Name=bus).get("Policy")
    return policy and json.loads(policy)


def test_a_bus_has_the_policy_it_was_given(connect: Any) -> None:
    """A whole policy is kept as it is and takes the place of the one before."""
    events = connect("events")
    events.create_event_bus(Name="calls")
    events.put_permission(EventBusName="calls", StatementId="a", Principal="*", Action="events:PutEvents")
    given = {"Version": "2012-10-17", "Statement": [{"Sid": "s", "Principal": {"AWS": ROLE}}]}
    events.put_permission(EventBusName="calls", Policy=json.dumps(given))
    assert policy_of(events) == given
    events.remove_permission(EventBusName="calls", RemoveAllPermissions=True)
    assert policy_of(events) is None


def test_a_permission_names_its_principal_as_aws_does(connect: Any) -> None:
    """An account is its root; permissions add up until they are removed."""
    events = connect("events")
    events.create_event_bus(Name="calls")
    for statement, principal in (("one", "210987654321"), ("all", "*")):
        events.put_permission(
            EventBusName="calls", StatementId=statement, Principal=principal, Action="events:PutEvents"
        )
    principals = {s["Sid"]: s["Principal"] for s in policy_of(events)["Statement"]}
    assert principals == {"one": {"AWS": "arn:aws:iam::210987654321:root"}, "all": "*"}
    events.remove_permission(EventBusName="calls", StatementId="all")
    assert [s["Sid"] for s in policy_of(events)["Statement"]] == ["one"]


def test_policies_that_aws_refuses(connect: Any) -> None:
    """Of a bus that is not there, too long, or no JSON."""
    events = connect("events")
    events.create_event_bus(Name="calls")
    for bus, policy, code in (
        ("none", "{}", "ResourceNotFoundException"),
        ("calls", json.dumps(" " * 10_240), "PolicyLengthExceededException"),
        ("calls", "{", "ValidationException"),
    ):
        with pytest.raises(ClientError, match=code):
            events.put_permission(EventBusName=bus, Policy=policy)
    assert policy_of(events) is None


def test_a_policy_goes_with_its_bus(connect: Any) -> None:
    """A bus made again has none."""
    events = connect("events")
    for _ in range(2):
        events.create_event_bus(Name="calls")
        assert policy_of(events) is None
        events.put_permission(EventBusName="calls", Policy='{"Version": "2012-10-17", "Statement": []}')
        events.delete_event_bus(Name="calls")


@pytest.mark.parametrize("given", [{}, {"CustomTimeZone": "Europe/Berlin", "FileExtension": ".json"}])
def test_a_delivery_stream_tells_its_time_zone(connect: Any, given: dict[str, str]) -> None:
    """UTC and no file extension if nothing else was said."""
    destination = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::calls", **given}
    connect("firehose").create_delivery_stream(
        DeliveryStreamName="calls", ExtendedS3DestinationConfiguration=destination
    )
    stream = connect("firehose").describe_delivery_stream(DeliveryStreamName="calls")
    described = stream["DeliveryStreamDescription"]["Destinations"][0]["ExtendedS3DestinationDescription"]
    expected = {"CustomTimeZone": "UTC", "FileExtension": "", **given}
    assert {name: described[name] for name in expected} == expected


def test_a_stream_made_with_tags_has_them(connect: Any) -> None:
    """Kinesis."""
    connect("kinesis").create_stream(StreamName="calls", ShardCount=1, Tags={"team": "cx"})
    tags = connect("kinesis").list_tags_for_stream(StreamName="calls")["Tags"]
    assert tags == [{"Key": "team", "Value": "cx"}]
