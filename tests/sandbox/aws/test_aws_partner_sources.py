"""The life of a partner event source: PENDING, ACTIVE, DELETED, and who sees it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from gcbridge.sandbox.aws.partner_records import PENDING_LIFETIME_SECONDS, is_gone, new_record

CUSTOMER = "123456789012"
PARTNER = "999988887777"
STRANGER = "210987654321"
NOT_FOUND = "ResourceNotFoundException"


def state(connect: Any, source: str) -> str:
    """The state the customer reads."""
    return str(connect("events").describe_event_source(Name=source)["State"])


def test_an_offered_source_is_pending_for_two_weeks(connect: Any, source: str) -> None:
    """A fresh source carries AWS's fields and says when it expires."""
    found = connect("events").describe_event_source(Name=source)
    assert found["State"] == "PENDING"
    assert found["Name"] == source
    assert found["Arn"] == f"arn:aws:events:eu-west-1::event-source/{source}"
    assert found["CreatedBy"] == "aws.partner/genesys.com"
    assert found["ExpirationTime"] - found["CreationTime"] == timedelta(days=14)


def test_a_bus_of_the_same_name_makes_it_active(connect: Any, source: str) -> None:
    """The state follows the bus, there and back; an ACTIVE source does not expire."""
    connect("events").create_event_bus(Name=source, EventSourceName=source)
    assert state(connect, source) == "ACTIVE"
    assert "ExpirationTime" not in connect("events").describe_event_source(Name=source)
    connect("events").delete_event_bus(Name=source)
    assert state(connect, source) == "PENDING"


def test_deactivate_and_activate(bridge: Any) -> None:
    """A deactivated source is PENDING though its bus stays, and can be activated again."""
    bridge.events.deactivate_event_source(Name=bridge.source)
    assert state(bridge.connect, bridge.source) == "PENDING"
    assert bridge.events.describe_event_bus(Name=bridge.source)["Name"] == bridge.source
    bridge.events.activate_event_source(Name=bridge.source)
    assert state(bridge.connect, bridge.source) == "ACTIVE"


def test_a_deleted_source_with_a_bus_reads_deleted(bridge: Any) -> None:
    """The partner's deletion leaves the bus; once that goes too, nothing is left."""
    partner = bridge.connect("events", PARTNER)
    partner.delete_partner_event_source(Name=bridge.source, Account=CUSTOMER)
    assert state(bridge.connect, bridge.source) == "DELETED"
    with pytest.raises(ClientError, match="InvalidStateException"):
        bridge.events.activate_event_source(Name=bridge.source)
    bridge.events.delete_event_bus(Name=bridge.source)
    with pytest.raises(ClientError, match=NOT_FOUND):
        bridge.events.describe_event_source(Name=bridge.source)


def test_a_deleted_source_without_a_bus_is_gone(connect: Any, source: str) -> None:
    """Deleting twice is no error, as the API knows none for it."""
    for _ in range(2):
        connect("events", PARTNER).delete_partner_event_source(Name=source, Account=CUSTOMER)
    assert connect("events").list_event_sources()["EventSources"] == []


def test_a_source_made_again_waits_to_be_associated(bridge: Any) -> None:
    """The old bus receives nothing from a source of the same name until someone activates it."""
    partner = bridge.connect("events", PARTNER)
    partner.delete_partner_event_source(Name=bridge.source, Account=CUSTOMER)
    partner.create_partner_event_source(Name=bridge.source, Account=CUSTOMER)
    assert state(bridge.connect, bridge.source) == "PENDING"
    bridge.events.activate_event_source(Name=bridge.source)
    assert state(bridge.connect, bridge.source) == "ACTIVE"


@pytest.mark.parametrize(
    ("account", "region"), [(STRANGER, "eu-west-1"), (CUSTOMER, "us-east-1"), (PARTNER, "eu-west-1")]
)
def test_others_do_not_see_it(connect: Any, source: str, account: str, region: str) -> None:
    """Another account, another region, even the partner itself: the source is not offered to them."""
    other = connect("events", account, region)
    assert other.list_event_sources()["EventSources"] == []
    with pytest.raises(ClientError, match=NOT_FOUND):
        other.describe_event_source(Name=source)
    with pytest.raises(ClientError, match=NOT_FOUND):
        other.create_event_bus(Name=source, EventSourceName=source)


def test_the_partner_lists_what_it_offered(connect: Any, source: str) -> None:
    """The partner sees names, and per name the accounts with their state."""
    partner = connect("events", PARTNER)
    assert [
        s["Name"]
        for s in partner.list_partner_event_sources(NamePrefix="aws.partner/")["PartnerEventSources"]
    ] == [source]
    assert partner.describe_partner_event_source(Name=source)["Name"] == source
    accounts = partner.list_partner_event_source_accounts(EventSourceName=source)
    assert [(a["Account"], a["State"]) for a in accounts["PartnerEventSourceAccounts"]] == [
        (CUSTOMER, "PENDING")
    ]
    with pytest.raises(ClientError, match=NOT_FOUND):
        connect("events", STRANGER).list_partner_event_source_accounts(EventSourceName=source)


def test_only_its_partner_can_delete_it(connect: Any, source: str) -> None:
    """A stranger's deletion does nothing."""
    connect("events", STRANGER).delete_partner_event_source(Name=source, Account=CUSTOMER)
    assert state(connect, source) == "PENDING"


def test_listing_by_prefix_and_page(connect: Any) -> None:
    """``NamePrefix`` narrows, ``Limit`` and ``NextToken`` page."""
    names = [f"aws.partner/genesys.com/cloud/org/{suffix}" for suffix in ("a1", "a2", "b1")]
    for name in names:
        connect("events", PARTNER).create_partner_event_source(Name=name, Account=CUSTOMER)
    events = connect("events")
    narrowed = events.list_event_sources(NamePrefix="aws.partner/genesys.com/cloud/org/a")
    assert [s["Name"] for s in narrowed["EventSources"]] == names[:2]
    first = events.list_event_sources(Limit=2)
    second = events.list_event_sources(Limit=2, NextToken=first["NextToken"])
    assert [s["Name"] for s in first["EventSources"] + second["EventSources"]] == names
    assert "NextToken" not in second


@pytest.mark.parametrize(
    ("name", "account", "error"),
    [
        ("aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev", CUSTOMER, "AlreadyExists"),
        ("aws.partner/genesys.com", CUSTOMER, "'name' failed to satisfy constraint"),
        ("genesys.com/cloud/org/dev", CUSTOMER, "'name' failed to satisfy constraint"),
        ("aws.partner/genesys.com/cloud/org/dev", "12345678901x", "'account' failed to satisfy constraint"),
    ],
)
def test_offers_that_aws_refuses(connect: Any, source: str, name: str, account: str, error: str) -> None:
    """A duplicate, a name that is no partner source's, an account that is none."""
    with pytest.raises(ClientError, match=error):
        connect("events", PARTNER).create_partner_event_source(Name=name, Account=account)


@pytest.mark.parametrize(
    ("age", "gone"), [(PENDING_LIFETIME_SECONDS - 60, False), (PENDING_LIFETIME_SECONDS + 60, True)]
)
def test_a_source_pending_for_too_long_is_gone(age: int, gone: bool) -> None:
    """After two weeks without a bus AWS deletes it."""
    record = new_record("aws.partner/genesys.com/cloud/org/dev", CUSTOMER)
    record["PendingSince"] = int(time.time()) - age
    assert is_gone(record) is gone
