"""What the room reads and writes, with the real SDK in between."""

from datetime import datetime, timezone

import pytest
from scripted_genesys import ME, ORGANIZATION, Answer

from gcbridge.errors import GenesysError

pytestmark = pytest.mark.sandbox

LIST = "GET /api/v2/integrations"
PROPERTIES = {
    "eventSourceSuffix": "dev",
    "awsAccountId": "123456789012",
    "awsAccountRegion": "eu-central-1",
    "eventFilter": ["v2.users.{id}.presence", "v2.audits.entitytype.{id}.entityid.{id}"],
}
CONFIGURATION = {
    "id": "i-1",
    "name": "dev events",
    "version": 7,
    "notes": "owned by platform",
    "properties": PROPERTIES,
    "advanced": {"kept": [1, None]},
    "credentials": {"basicAuth": {"id": "c-1", "name": "kept", "type": {"id": "basicAuth"}}},
}


def integration(identity="i-1", *, state="ACTIVE", current=CONFIGURATION, intended="ENABLED"):
    return {
        "id": identity,
        "name": "dev events",
        "integrationType": {"id": "amazon-eventbridge-source"},
        "intendedState": intended,
        "reportedState": {"code": state, "detail": {"message": "all good"}},
        "config": {"current": current} if current else None,
    }


def page(*entities, number=1, count=1):
    return {"entities": entities, "pageNumber": number, "pageCount": count, "pageSize": 100}


def test_the_organization_is_read(room, scripted):
    """Id and name; `init` writes the id into the environment."""
    scripted.answer(ME, ORGANIZATION)
    organization = room.organization()

    assert (organization.org_id, organization.name) == (ORGANIZATION["id"], "Acme")


def test_the_clock_of_the_other_side_is_read(room, scripted):
    """From the Date header, for the clock skew."""
    scripted.answer(ME, ORGANIZATION)

    assert abs((room.server_time() - datetime.now(timezone.utc)).total_seconds()) < 5


def test_all_pages_of_integrations_are_read(room, scripted):
    """Only the right type is asked for, with its configuration."""
    scripted.answer(
        LIST, page(integration("i-1"), count=2), page(integration("i-2", state="ERROR"), number=2, count=2)
    )
    first, second = room.integrations()

    assert (first.integration_id, first.reported_state, first.reported_detail) == (
        "i-1",
        "ACTIVE",
        "all good",
    )
    assert first.topics == tuple(PROPERTIES["eventFilter"])
    assert (first.event_source_suffix, first.aws_account_id, first.aws_region) == (
        "dev",
        "123456789012",
        "eu-central-1",
    )
    assert (second.integration_id, second.reported_state) == ("i-2", "ERROR")
    asked = [request.query for request in scripted.requests if request.line == LIST]
    assert [query["pageNumber"] for query in asked] == ["1", "2"]
    assert asked[0]["integrationType"] == "amazon-eventbridge-source"
    assert asked[0]["expand"] == "config.current"


@pytest.mark.parametrize("current", [None, {"id": "i-1", "selfUri": "/api/v2/..."}])
def test_a_configuration_that_did_not_come_along_is_asked_for(room, scripted, current):
    """Expanding is a wish; without it the list holds a reference."""
    scripted.answer(LIST, page(integration(current=current)))
    scripted.answer("GET /api/v2/integrations/i-1/config/current", CONFIGURATION)

    assert room.integrations()[0].event_source_suffix == "dev"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (("dev", "123456789012", "eu-central-1"), "i-2"),
        (("dev", "123456789012", "eu-west-1"), None),
        (("test", "123456789012", "eu-central-1"), None),
        (("dev", "999999999999", "eu-central-1"), None),
    ],
)
def test_an_integration_is_found_by_its_event_source(room, scripted, place, found):
    """Suffix, account and region together; one that was deleted does not count."""
    scripted.answer(LIST, page(integration("i-1", intended="DELETED"), integration("i-2")))
    observation = room.find_integration(*place)

    assert (observation and observation.integration_id) == found


def test_an_integration_is_read_by_its_id(room, scripted):
    """None for an unknown id."""
    scripted.answer("GET /api/v2/integrations/i-1", integration(state="ACTIVATING"))

    assert room.integration("i-1").reported_state == "ACTIVATING"
    assert room.integration("i-unknown") is None


def test_a_fresh_integration_without_configuration_is_no_error(room, scripted):
    """Terraform creates first and configures after."""
    empty = {**CONFIGURATION, "properties": {}, "notes": None}
    scripted.answer(LIST, page({**integration(current=empty), "reportedState": None}))
    observation = room.integrations()[0]

    assert (observation.event_source_suffix, observation.topics, observation.reported_state) == ("", (), "")


def test_notes_are_written_with_everything_else_as_it_was(room, scripted):
    """The PUT replaces the whole configuration, under its version."""
    path = "/api/v2/integrations/i-1/config/current"
    scripted.answer(f"GET {path}", CONFIGURATION)
    scripted.answer(f"PUT {path}", CONFIGURATION)
    room.write_notes("i-1", room.configuration("i-1"), "marked")

    assert scripted.requests[-1].json == {
        "name": "dev events",
        "notes": "marked",
        "version": 7,
        "properties": PROPERTIES,
        "advanced": {"kept": [1, None]},
        "credentials": {"basicAuth": {"id": "c-1"}},
    }


def test_a_user_is_found_by_address(room, scripted):
    """The search is exact."""
    scripted.answer("POST /api/v2/users/search", {"results": [{"id": "u-1", "name": "Ada"}]})

    assert room.find_user("ada@example.com").user_id == "u-1"
    assert scripted.requests[-1].json["query"] == [
        {"type": "EXACT", "fields": ["email"], "value": "ada@example.com"}
    ]


@pytest.mark.parametrize(
    ("results", "said"), [([], "no users"), (None, "no users"), ([{"id": "u-1"}, {"id": "u-2"}], "2 users")]
)
def test_an_address_of_nobody_or_of_two_is_an_error(room, scripted, results, said):
    """The hint asks for an id."""
    scripted.answer("POST /api/v2/users/search", {"results": results})

    with pytest.raises(GenesysError, match=said) as caught:
        room.find_user("ada@example.com")
    assert "verify.user" in caught.value.hint


def test_a_user_is_found_by_id(room, scripted):
    """An id needs no search, and no permission to search."""
    identity = "278522be-1683-4877-8257-4164a177be89"
    scripted.answer(f"GET /api/v2/users/{identity}", {"id": identity, "name": "Ada"})

    assert room.find_user(identity).name == "Ada"


def test_presences_are_read_and_set(room, scripted):
    """The PATCH carries a definition's id and the message."""
    path = "/api/v2/users/u-1/presences/purecloud"
    shown = {"presenceDefinition": {"id": "p-1", "systemPresence": "Available"}, "message": "hi"}
    scripted.answer(f"GET {path}", shown)
    scripted.answer(f"PATCH {path}", shown)
    presence = room.presence("u-1")
    room.set_presence("u-1", "p-2", "hi")

    assert (presence.definition_id, presence.system_presence, presence.message) == ("p-1", "Available", "hi")
    assert scripted.requests[-1].json == {"presenceDefinition": {"id": "p-2"}, "message": "hi"}


def test_presence_definitions_are_read(room, scripted):
    """System ones are told from an administrator's own."""
    scripted.answer(
        "GET /api/v2/presence/definitions",
        {
            "entities": [
                {
                    "id": "p-1",
                    "type": "System",
                    "systemPresence": "Busy",
                    "languageLabels": {"de": "Beschäftigt"},
                },
                {"id": "p-2", "type": "User", "systemPresence": "Busy", "languageLabels": None},
            ]
        },
    )
    busy, own = room.presence_definitions()

    assert (busy.definition_id, busy.system_presence, busy.labels, busy.is_system) == (
        "p-1",
        "Busy",
        ("Beschäftigt",),
        True,
    )
    assert not own.is_system


def test_a_state_that_the_sdk_does_not_know_is_still_a_state(room, scripted):
    """Genesys Cloud may add states; the SDK then says only that it is outdated."""
    scripted.answer(LIST, page(integration(state="HIBERNATING")))

    assert room.integrations()[0].reported_state == "outdated_sdk_version"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"entities": 3},
        {"entities": [None]},
        {"entities": [{**integration(), "id": None}]},
        {"entities": [{**integration(), "intendedState": None}]},
        {"entities": [integration(current={**CONFIGURATION, "version": None})]},
    ],
)
def test_an_answer_of_another_kind_is_one_error(room, scripted, body):
    """The SDK reads any JSON; what it, or the room, stumbles over becomes a sentence."""
    scripted.answer(LIST, Answer(body))

    with pytest.raises(GenesysError, match="not one of the Genesys Cloud API"):
        room.integrations()


AVAILABLE = "GET /api/v2/notifications/availabletopics"


def test_available_topics_are_read(room, scripted):
    """In one piece; an organization leaves out what it does not know, and may have transports that the SDK has not."""
    told = {
        "id": "v2.users.{id}.presence",
        "description": "Presence",
        "transports": ["All", "CarrierPigeon"],
        "requiresPermissions": ["presence:user:view"],
        "visibility": "Public",
        "schema": {
            "type": "object",
            "id": "urn:jsonschema:presence:v2:Presence",
            "properties": {"primary": {"type": "boolean"}},
        },
    }
    scripted.answer(AVAILABLE, {"entities": [told, {"id": "v2.a"}]})
    bare, presence = room.available_topics()

    assert (bare.topic, bare.transports, bare.permissions, bare.fields) == ("v2.a", None, None, None)
    assert presence.transports == ("All", "CarrierPigeon")
    assert presence.permissions == ("presence:user:view",)
    assert presence.fields["primary"].type == "boolean"
    assert scripted.requests[-1].query["expand"] == "description,transports,requiresPermissions,schema"


@pytest.mark.parametrize(
    "body", [None, [], {"entities": None}, {"entities": [{"id": None}]}, {"entities": [3]}]
)
def test_topics_of_another_kind_are_one_error(room, scripted, body):
    """Something else may be listening there."""
    scripted.answer(AVAILABLE, Answer(body))

    with pytest.raises(GenesysError, match="not one of the Genesys Cloud API"):
        room.available_topics()
