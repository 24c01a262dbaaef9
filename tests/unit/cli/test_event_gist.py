"""What an event says on a line: bodies of several topics, and what is left out."""

import pytest

from gcbridge.cli.event_gist import gist, shorten_ids

AUDIT = {
    "id": "46a1d1c2-0000-4000-8000-000000000000",
    "serviceName": "Presence",
    "eventTime": "2026-03-01T08:00:00.000Z",
    "action": "Update",
    "entityType": "UserPresence",
    "entity": {"id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11", "name": "Ada"},
    "propertyChanges": [{"property": "PRESENCE", "oldValues": ["Available"], "newValues": ["Busy"]}],
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {
                "source": "PURECLOUD",
                "presenceDefinition": {"id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11", "systemPresence": "BUSY"},
                "primary": True,
                "message": "",
                "modifiedDate": "2026-03-01T08:00:00.000Z",
            },
            "systemPresence=BUSY source=PURECLOUD primary=true",
        ),
        ({"eventTime": 1772352000000, "conversationId": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11", "n": 3}, "n=3"),
        ({"tags": ["a", "b", "c", "d"], "participants": [{"id": 1}, {"id": 2}], "none": []}, "tags=a, b, c, … participants=2 items"),
        ({"id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"}, "id=0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"),
        ({}, ""),
        (AUDIT, "Update Ada PRESENCE=Available -> Busy"),
        ({**AUDIT, "propertyChanges": [{"property": "deleted_on", "newValues": ["today"]}]}, "Update Ada deleted_on=today"),
        ({**AUDIT, "entity": {"id": "e1"}, "propertyChanges": None}, "Update e1"),
        ({**AUDIT, "entity": None, "propertyChanges": ["x"]}, "Update"),
    ],
)  # fmt: skip
def test_what_is_said(body, said):
    """No ids, no times, nothing empty, as long as something else is left; an audit as a sentence."""
    assert gist(body).plain == said


def test_an_event_cannot_move_the_cursor():
    """Control characters, line breaks and markup are text."""
    body = {"name": "a\nb\x1b[31mc[red]", "tags": ["\r"], "key\x1b[2J": 1}

    assert gist(body).plain == "name=a b [31mc[red] tags=  key [2J=1"


def test_ids_are_shortened():
    topic = "v2.audits.entitytype.OAuthClient.entityid.0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"

    assert shorten_ids(topic) == "v2.audits.entitytype.OAuthClient.entityid.0b6a1c62…"
    assert shorten_ids("v2.users.ada.presence") == "v2.users.ada.presence"
