"""What becomes of an event that the partner sends."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

CUSTOMER = "123456789012"
PARTNER = "999988887777"
TOPIC = "v2.detail.events.conversation.{id}.user.end"


@pytest.fixture
def tapped(bridge: Any) -> Any:
    """A bridge whose rule ``all`` sends everything to the queue ``tap``."""
    bridge.add_rule("all", {"Id": "tap", "Arn": bridge.add_queue("tap", "all")})
    return bridge


def test_the_envelope(tapped: Any) -> None:
    """The event has the customer's account, the region, the entry's time, and the source's name."""
    sent_at = datetime(2026, 3, 19, 10, 20, 30, tzinfo=timezone.utc)
    result = tapped.send({"topicName": "x"}, Time=sent_at, Resources=["arn:aws:iam::1:r"])
    assert json.loads(tapped.receive("tap")[0]["Body"]) == {
        "version": "0",
        "id": result["EventId"],
        "detail-type": TOPIC,
        "source": tapped.source,
        "account": CUSTOMER,
        "time": "2026-03-19T10:20:30Z",
        "region": "eu-west-1",
        "resources": ["arn:aws:iam::1:r"],
        "detail": {"topicName": "x"},
    }


def test_an_event_without_time_is_of_now(tapped: Any) -> None:
    """AWS fills the time in."""
    tapped.send()
    time = json.loads(tapped.receive("tap")[0]["Body"])["time"]
    age = datetime.now(timezone.utc) - datetime.fromisoformat(time.replace("Z", "+00:00"))
    assert abs(age.total_seconds()) < 5


def test_events_for_a_pending_source_are_accepted_and_lost(tapped: Any) -> None:
    """They are not kept for the day the source becomes ACTIVE."""
    tapped.events.deactivate_event_source(Name=tapped.source)
    assert "EventId" in tapped.send()
    tapped.events.activate_event_source(Name=tapped.source)
    assert tapped.receive("tap") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Source": "aws.partner/genesys.com/cloud/org/none"}, "ResourceNotFoundException"),
        ({"Detail": "{"}, "MalformedDetail"),
        ({"Detail": "[]"}, "MalformedDetail"),
        ({"DetailType": ""}, "InvalidArgument"),
    ],
)
def test_entries_that_are_no_events(tapped: Any, changes: dict[str, str], code: str) -> None:
    """Each entry has its own result: one bad entry does not spoil the batch."""
    good = {"Source": tapped.source, "DetailType": TOPIC, "Detail": "{}"}
    answer = tapped.connect("events", PARTNER).put_partner_events(Entries=[{**good, **changes}, good])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code
    assert len(tapped.receive("tap")) == 1


def test_no_more_than_twenty_entries(tapped: Any) -> None:
    """The whole request is refused."""
    entry = {"Source": tapped.source, "DetailType": TOPIC, "Detail": "{}"}
    with pytest.raises(ClientError, match="ValidationException"):
        tapped.connect("events", PARTNER).put_partner_events(Entries=[entry] * 21)


def test_only_the_partner_that_made_the_source_can_send(tapped: Any) -> None:
    """The customer itself is not that partner."""
    entry = {"Source": tapped.source, "DetailType": TOPIC, "Detail": "{}"}
    assert tapped.events.put_partner_events(Entries=[entry])["FailedEntryCount"] == 1


def test_partner_events_reach_an_archive(tapped: Any) -> None:
    """ministack's archive counts them, so that they can be replayed."""
    arn = tapped.events.describe_event_bus(Name=tapped.source)["Arn"]
    tapped.events.create_archive(ArchiveName="kept", EventSourceArn=arn)
    tapped.send()
    assert tapped.events.describe_archive(ArchiveName="kept")["EventCount"] == 1
