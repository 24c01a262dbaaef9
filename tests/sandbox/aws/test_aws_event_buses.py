"""Partner buses: what they need, how they show, and what can't be done with them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

SOURCE = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev"
OTHER = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/test"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"Name": SOURCE}, "EventBus name starting with 'aws.' is not valid."),
        ({"Name": "team/bus"}, "must not contain '/'"),
        ({"Name": OTHER, "EventSourceName": SOURCE}, "ValidationException"),
        ({"Name": "bus", "EventSourceName": SOURCE}, "ValidationException"),
        ({"Name": OTHER, "EventSourceName": OTHER}, "ResourceNotFoundException.*does not exist"),
    ],
)
def test_buses_that_aws_refuses(connect: Any, source: str, request_: dict[str, str], error: str) -> None:
    """A partner bus has its source's name and its source; a custom bus has a plain name."""
    with pytest.raises(ClientError, match=error):
        connect("events").create_event_bus(**request_)


def test_a_partner_bus_exists_once(bridge: Any) -> None:
    """The second one of the name is refused."""
    with pytest.raises(ClientError, match="ResourceAlreadyExistsException"):
        bridge.events.create_event_bus(Name=bridge.source, EventSourceName=bridge.source)


def test_a_partner_bus_is_described_and_listed(bridge: Any) -> None:
    """The ARN carries the whole name."""
    arn = f"arn:aws:events:eu-west-1:123456789012:event-bus/{bridge.source}"
    assert bridge.events.describe_event_bus(Name=bridge.source)["Arn"] == arn
    listed = bridge.events.list_event_buses(NamePrefix="aws.partner/")["EventBuses"]
    assert [bus["Arn"] for bus in listed] == [arn]


@pytest.mark.parametrize("name", [SOURCE, f"arn:aws:events:eu-west-1:123456789012:event-bus/{SOURCE}"])
def test_customers_cannot_put_events_on_it(bridge: Any, name: str) -> None:
    """Not even with a source of their own."""
    entry = {"Source": "my.app", "DetailType": "t", "Detail": "{}", "EventBusName": name}
    with pytest.raises(ClientError, match=r"'entries\.1\.member\.eventBusName' failed to satisfy"):
        bridge.events.put_events(Entries=[entry])


def test_customers_cannot_claim_an_aws_source(connect: Any) -> None:
    """The entry is refused, the others of the batch are not."""
    entries = [{"Source": s, "DetailType": "t", "Detail": "{}"} for s in (SOURCE, "my.app")]
    answer = connect("events").put_events(Entries=entries)
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    assert answer["Entries"][1]["EventId"]


def test_a_partner_bus_has_no_resource_policy(bridge: Any) -> None:
    """PutPermission refuses the name."""
    with pytest.raises(ClientError, match="'eventBusName' failed to satisfy constraint"):
        bridge.events.put_permission(
            EventBusName=bridge.source, StatementId="s", Action="events:PutEvents", Principal="*"
        )


def test_custom_buses_work_as_before(connect: Any) -> None:
    """The layer leaves buses without a partner alone."""
    events = connect("events")
    events.create_event_bus(Name="orders")
    events.put_rule(Name="all", EventBusName="orders", EventPattern=json.dumps({"source": ["shop"]}))
    entry = {"Source": "shop", "DetailType": "t", "Detail": "{}", "EventBusName": "orders"}
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    events.delete_event_bus(Name="orders")
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default"]
