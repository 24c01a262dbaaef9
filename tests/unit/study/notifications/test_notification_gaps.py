"""Gaps: what fills them, how they are widened, and the bodies that are made of what the API says."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.study.notifications.filled_audits import audit_body, services_of
from gcbridge.study.notifications.filled_states import activity_body, presence_body, routing_status_body
from gcbridge.study.notifications.gaps import Gap, by_filler, filler_of, templates_of

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)
ADA = "278522be-1683-4877-8257-4164a177be89"


@pytest.mark.parametrize(
    ("template", "filler"),
    [
        ("v2.users.{id}.presence", "presence"),
        ("v2.users.{id}.routingStatus", "routing status"),
        ("v2.users.{id}.activity", "activity"),
        ("v2.routing.queues.{id}.users", "membership"),
        ("v2.routing.queues.{id}.conversations", "conversations"),
        ("v2.users.{id}.conversations.emails", "conversations"),
        ("v2.detail.events.conversation.{id}.user.end", "sessions"),
        ("v2.detail.events.conversation.{id}.attributes", None),
        ("v2.audits.entitytype.{id}.entityid.{id}", "audits"),
        ("v2.users.{id}.geolocation", None),
        ("v2.users.{id}.conversations.summaries", None),
        ("v2.outbound.settings", None),
    ],
)
def test_what_fills_a_topic(template, filler):
    """None where no endpoint knows of it."""
    assert filler_of(template) == filler


def test_topics_are_sorted_by_what_fills_them():
    """Each question is asked once for all of them."""
    presence, other = f"v2.users.{ADA}.presence", f"v2.users.{ADA}.station"

    assert by_filler([presence, other]) == {"presence": [presence], None: [other]}
    assert templates_of([other, presence, presence]) == ("v2.users.{id}.presence", "v2.users.{id}.station")


def test_a_gap_is_widened_but_not_beyond_the_beginning():
    """Clocks differ and events travel; what happened before listening began is none of its events."""
    gap = Gap(("t",), NOON, NOON + timedelta(seconds=5), not_before=NOON - timedelta(seconds=10))
    wide = gap.widened(30)

    assert wide.interval() == "2026-01-02T11:59:50.000Z/2026-01-02T12:00:35.000Z"
    assert wide.of(["a", "b"]).topics == ("a", "b")
    assert Gap((), NOON + timedelta(seconds=1.9), NOON).in_whole_seconds().begin == NOON + timedelta(
        seconds=1
    )


@pytest.mark.parametrize(
    ("moment", "is_held"),
    [
        ("2026-01-02T12:00:00.000Z", True),
        ("2026-01-02T11:59:59.999Z", False),
        ("2026-01-02T13:00:00.000Z", True),
        (1767355200000, True),
        (None, False),
    ],
)
def test_what_lies_in_a_gap(moment, is_held):
    """What came after it counts as well: it may have been missed, and else is a duplicate."""
    assert Gap((), NOON, NOON + timedelta(seconds=5)).holds(moment) is is_held


@pytest.mark.parametrize(
    ("written", "event_form"),
    [
        ("Available", "AVAILABLE"),
        ("On Queue", "ON_QUEUE"),
        ("OnQueue", "ON_QUEUE"),
        ("ON_QUEUE", "ON_QUEUE"),
        (None, ""),
    ],
)
def test_a_presence_becomes_an_event(written, event_form):
    """Events spell presences in upper case, the API does not."""
    body = presence_body(
        {
            "userId": ADA,
            "source": "PURECLOUD",
            "presenceDefinition": {"id": "p-1", "systemPresence": written, "selfUri": "/"},
            "modifiedDate": "2026-01-02T12:00:00.000Z",
        }
    )

    assert body == {
        "source": "PURECLOUD",
        "presenceDefinition": {"id": "p-1", "systemPresence": event_form},
        "primary": True,
        "message": "",
        "modifiedDate": "2026-01-02T12:00:00.000Z",
    }


def test_a_user_becomes_a_routing_status():
    """As `v2.users.{id}.routingStatus` has it."""
    status = {"status": "IDLE", "startTime": "2026-01-02T12:00:00.000Z"}

    assert routing_status_body({"id": ADA, "name": "Ada", "routingStatus": status}) == {
        "id": ADA,
        "routingStatus": status,
    }
    assert routing_status_body({"id": ADA}) == {"id": ADA, "routingStatus": {}}


def test_a_user_becomes_an_activity():
    """Without the queues, of which no endpoint says since when."""
    body = activity_body(
        {
            "id": ADA,
            "routingStatus": {"status": "IDLE"},
            "presence": {"presenceDefinition": {"id": "p", "systemPresence": "Busy"}, "message": "m"},
            "outOfOffice": {"active": True, "startDate": "2026-01-02T12:00:00.000Z"},
        }
    )

    assert body == {
        "id": ADA,
        "routingStatus": {"status": "IDLE"},
        "presence": {
            "presenceDefinition": {"id": "p", "systemPresence": "BUSY"},
            "presenceMessage": "m",
            "modifiedDate": None,
        },
        "outOfOffice": {"active": True},
    }


def test_an_audit_becomes_an_event():
    """The query and the event name user, client and time differently."""
    audit = {
        "id": "a-1",
        "serviceName": "Integrations",
        "entityType": "Integration",
        "entity": {"id": "i-1", "name": "dev events"},
        "action": "Update",
        "user": {"id": ADA, "name": "Ada"},
        "client": {"id": "c-1"},
        "eventDate": "2026-01-02T12:00:00.000Z",
        "propertyChanges": [{"property": "notes", "newValues": ["x"]}],
    }

    assert audit_body(audit) == {
        "id": "a-1",
        "serviceName": "Integrations",
        "entityType": "Integration",
        "entity": {"id": "i-1", "name": "dev events"},
        "action": "Update",
        "propertyChanges": [{"property": "notes", "newValues": ["x"]}],
        "userId": ADA,
        "username": {"id": "Ada"},
        "clientId": {"id": "c-1"},
        "eventTime": "2026-01-02T12:00:00.000Z",
    }
    assert audit_body({"id": "a-2"}) == {"id": "a-2", "eventTime": None}


def test_the_services_of_an_entity_type():
    """An audit query asks one service."""
    mapping = {
        "services": [
            {"name": "Integrations", "entities": [{"name": "Integration", "actions": ["Update"]}]},
            {"name": "Presence", "entities": [{"name": "UserPresence"}]},
            {"name": "Empty"},
        ]
    }

    assert services_of("Integration", mapping) == ("Integrations",)
    assert services_of("Nothing", mapping) == ()
