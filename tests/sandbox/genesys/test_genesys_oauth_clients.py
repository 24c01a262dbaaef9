"""OAuth clients over the API: their life, their audits, and that no secret stays behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from genesys_organization import AUDITS, CLIENT_ID, Organization, RecordingPartner, run_organization

CLIENTS = "/api/v2/oauth/clients"
REQUEST = {"name": "gcbridge-probe-1", "authorizedGrantType": "CLIENT-CREDENTIALS", "scope": ["users"]}


def test_a_secret_is_told_once(organization: Organization) -> None:
    """With the new client, and never again."""
    made = organization.must("POST", CLIENTS, REQUEST)
    assert len(made["secret"]) > 30
    read = organization.get(f"{CLIENTS}/{made['id']}")
    assert read == {key: value for key, value in made.items() if key != "secret"}
    assert (read["accessTokenValiditySeconds"], read["state"]) == (86_400, "active")
    assert organization.get(CLIENTS)["entities"] == [read]


def test_no_secret_is_in_the_state_folder(tmp_path: Path) -> None:
    """Only a salted digest, with which the client can log in after a restart."""
    with run_organization(tmp_path, RecordingPartner()) as first:
        made = first.must("POST", CLIENTS, REQUEST)
    assert not [file for file in tmp_path.iterdir() if made["secret"].encode() in file.read_bytes()]
    with run_organization(tmp_path, RecordingPartner()) as second:
        assert second.log_in(made["id"], made["secret"]).status == 200
        assert second.log_in(made["id"], "wrong").status == 401


def test_making_changing_and_deleting_are_audited(
    organization: Organization, partner: RecordingPartner
) -> None:
    """As a captured deletion has it."""
    organization.create_sending(eventFilter=[AUDITS])
    partner.events.clear()
    identity = organization.must("POST", CLIENTS, REQUEST)["id"]
    organization.must("PUT", f"{CLIENTS}/{identity}", REQUEST | {"description": "changed"})
    organization.must("DELETE", f"{CLIENTS}/{identity}")
    organization.wait_until_sent()
    details = partner.details(AUDITS)
    bodies = [detail["eventBody"] for detail in details]
    assert [body["action"] for body in bodies] == ["Create", "Update", "Delete"]
    for detail, body in zip(details, bodies, strict=True):
        assert detail["topicName"] == f"v2.audits.entitytype.OAuthClient.entityid.{identity}"
        assert (body["serviceName"], body["entityType"]) == ("PeoplePermissions", "OAuthClient")
        assert body["entity"] == {"id": identity, "name": "gcbridge-probe-1"}
        assert body["clientId"] == {"id": CLIENT_ID}
    assert bodies[1]["propertyChanges"] == [{"property": "description", "newValues": ["changed"]}]
    deleted, scopes = bodies[2]["propertyChanges"]
    assert deleted["property"] == "deleted_on"
    assert len(deleted["newValues"][0]) == len("2021-05-31T09:44:53Z")
    assert scopes == {"property": "scopes", "oldValues": ["users"]}


def test_a_deleted_client_is_worthless(organization: Organization) -> None:
    """Its tokens too."""
    made = organization.must("POST", CLIENTS, REQUEST)
    token = organization.log_in(made["id"], made["secret"]).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert organization.call("GET", "/api/v2/users", **bearer).status == 200
    organization.must("DELETE", f"{CLIENTS}/{made['id']}")
    assert organization.call("GET", "/api/v2/users", **bearer).status == 401
    assert organization.log_in(made["id"], made["secret"]).json()["description"] == "client not found"
    assert organization.call("GET", f"{CLIENTS}/{made['id']}").status == 404


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": ""}, "name"),
        ({"authorizedGrantType": "BEGGING"}, "authorizedGrantType"),
        ({"accessTokenValiditySeconds": 5}, "accessTokenValiditySeconds"),
        ({"state": "asleep"}, "state"),
    ],
)
def test_requests_that_are_refused(organization: Organization, change: dict[str, Any], named: str) -> None:
    """400 that names the field."""
    answer = organization.call("POST", CLIENTS, REQUEST | change)
    assert (answer.status, named in answer.json()["message"]) == (400, True)


def test_clients_come_at_once_or_in_pages(organization: Organization) -> None:
    """The SDK's call has no page parameters."""
    ids = [
        organization.must("POST", CLIENTS, REQUEST | {"name": f"gcbridge-probe-{number}"})["id"]
        for number in range(30)
    ]
    assert [client["id"] for client in organization.get(CLIENTS)["entities"]] == ids
    page = organization.get(f"{CLIENTS}?pageSize=20&pageNumber=2")
    assert ([client["id"] for client in page["entities"]], page["pageCount"]) == (ids[20:], 2)


def test_the_sdk_makes_and_deletes_a_client(sdk: Any, client: Any) -> None:
    """As a cause of events."""
    api = sdk.OAuthApi(client)
    made = api.post_oauth_clients({**REQUEST, "authorizedGrantType": "CODE"})
    assert (made.name, bool(made.secret)) == ("gcbridge-probe-1", True)
    assert [found.id for found in api.get_oauth_clients().entities] == [made.id]
    assert api.put_oauth_client(made.id, {**REQUEST, "name": "renamed"}).name == "renamed"
    api.delete_oauth_client(made.id)
    with pytest.raises(sdk.rest.ApiException) as refusal:
        api.get_oauth_client(made.id)
    assert refusal.value.status == 404
