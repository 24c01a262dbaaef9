"""An event is recognized by what it says, in the shapes of captured events."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.genesys.causes.recognizing import (
    is_notes_event,
    is_oauth_client_event,
    is_presence_event,
    occurred_at,
)
from gcbridge.genesys.observing import PresenceDefinition

SINCE = datetime(2026, 5, 4, 10, 0, tzinfo=timezone.utc)
USER = "278522be-1683-4877-8257-4164a177be89"
INTEGRATION = "0c5a3a4c-4a5e-4a0f-8f4d-0d6f6a3c1b2e"
MARKER = " (gcbridge probe r1-1)"
TEXT = "gcbridge probe r1-1"
BUSY = PresenceDefinition(
    definition_id="31fe3bac-dea6-44b7-bed7-47f91660a1a0",
    system_presence="Busy",
    labels=("Beschäftigt", "Busy"),
    is_system=True,
)
ON_QUEUE = PresenceDefinition(
    definition_id="e08e", system_presence="OnQueue", labels=("On Queue",), is_system=True
)


def at(seconds):
    return (SINCE + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def presence_event(*, user=USER, presence=None, seconds=1, **body):
    return {
        "detail-type": "v2.users.{id}.presence",
        "time": at(seconds),
        "detail": {
            "topicName": f"v2.users.{user}.presence",
            "version": "2",
            "eventBody": {
                "source": "PURECLOUD",
                "presenceDefinition": presence or {"id": BUSY.definition_id, "systemPresence": "BUSY"},
                "modifiedDate": at(seconds),
                **body,
            },
            "timestamp": at(seconds),
        },
    }


def audit_event(entity_type, entity_id, changes, *, seconds=1):
    return {
        "detail-type": "v2.audits.entitytype.{id}.entityid.{id}",
        "time": at(seconds + 270),
        "detail": {
            "topicName": f"v2.audits.entitytype.{entity_type}.entityid.{entity_id}",
            "version": "2",
            "eventBody": {
                "eventTime": at(seconds),
                "action": "Update",
                "entityType": entity_type,
                "entity": {"id": entity_id, "name": "Ada"},
                "propertyChanges": changes,
            },
        },
    }


def presence_audit(value, *, user=USER, seconds=1):
    changes = [{"property": "PRESENCE", "oldValues": ["Available"], "newValues": [value]}]
    return audit_event("UserPresence", user, changes, seconds=seconds)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (presence_event(), True),
        (presence_event(presence={"id": BUSY.definition_id}), True),
        (presence_event(presence={"id": "secondary", "systemPresence": "BUSY"}), True),
        (presence_event(presence={"id": "other", "systemPresence": "AVAILABLE"}), False),
        (presence_event(message=TEXT), True),
        (presence_event(message=""), True),
        (presence_event(message="gcbridge probe r1-2"), False),
        (presence_event(user="somebody-else"), False),
        (presence_event(seconds=-60), False),
        (presence_audit("Busy"), True),
        (presence_audit("BUSY"), True),
        (presence_audit("Beschäftigt"), True),
        (presence_audit("Available"), False),
        (presence_audit("Busy", user="somebody-else"), False),
        (presence_audit("Busy", seconds=-60), False),
        (audit_event("UserPresence", USER, [{"property": "PRESENCE"}]), True),
        (audit_event("OAuthClient", USER, []), False),
        ({}, False),
        ({"detail-type": "v2.users.{id}.presence", "detail": "text"}, False),
    ],
)
def test_a_presence_is_recognized_by_user_value_and_time(event, expected):
    """Somebody else's presence, another presence and yesterday's are not it."""
    assert is_presence_event(event, USER, BUSY, TEXT, SINCE) is expected


@pytest.mark.parametrize("spelling", ["ON_QUEUE", "On Queue", "OnQueue", "on queue"])
def test_presences_are_spelled_in_several_ways(spelling):
    """The API writes one presence in three spellings."""
    assert is_presence_event(presence_audit(spelling), USER, ON_QUEUE, TEXT, SINCE)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (audit_event("Integration", INTEGRATION, [{"property": "notes", "newValues": [f"x{MARKER}"]}]), True),
        (audit_event("Integration", INTEGRATION, [{"property": "notes", "newValues": ["x"]}]), False),
        (audit_event("Integration", INTEGRATION, [{"property": "version", "newValues": ["3"]}]), True),
        (audit_event("Integration", INTEGRATION, None), True),
        (audit_event("Integration", INTEGRATION, None, seconds=-60), False),
        (audit_event("Integration", "another", None), False),
        (audit_event("Flow", INTEGRATION, None), False),
        (presence_event(), False),
    ],
)
def test_notes_are_recognized_by_integration_marker_and_time(event, expected):
    """Where the audit shows the notes, they must carry this run's marker."""
    assert is_notes_event(event, INTEGRATION, MARKER, SINCE) is expected


def oauth_audit(client, action):
    event = audit_event("OAuthClient", client, [])
    event["detail"]["eventBody"]["action"] = action
    return event


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (oauth_audit("c-1", "Create"), True),
        (oauth_audit("c-1", "CREATE"), True),
        (oauth_audit("c-1", "Delete"), False),
        (oauth_audit("c-2", "Create"), False),
        (audit_event("Integration", "c-1", []), False),
    ],
)
def test_an_oauth_client_is_recognized_by_id_and_action(event, expected):
    """The id was given by Genesys Cloud, so nothing else ever tells of it."""
    assert is_oauth_client_event(event, "c-1", "Create") is expected


@pytest.mark.parametrize(
    "moment", ["2026-05-04T10:00:00Z", "2026-05-04T12:00:00.000+02:00", 1777888800000, "2026-05-04T10:00:00"]
)
def test_the_moment_is_read_in_every_form_of_the_events(moment):
    """ISO strings in audits, epoch milliseconds in detail events."""
    assert occurred_at({"detail": {"eventBody": {"eventTime": moment}}}) == SINCE


def test_an_event_without_a_moment_is_judged_by_the_rest():
    """A missing time contradicts nothing."""
    event = presence_event()
    event["detail"] |= {"eventBody": {"presenceDefinition": {"systemPresence": "BUSY"}}, "timestamp": None}
    event["time"] = None

    assert occurred_at(event) is None
    assert is_presence_event(event, USER, BUSY, TEXT, SINCE)
