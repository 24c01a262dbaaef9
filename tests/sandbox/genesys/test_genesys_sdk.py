"""The real PureCloudPlatformClientV2 against the emulated organization."""

from __future__ import annotations

from typing import Any

import pytest
from genesys_organization import (
    CLIENT_ID,
    CLIENT_SECRET,
    PROPERTIES,
    TYPE_ID,
    Organization,
    RecordingPartner,
    wait_until,
)


def test_the_organization_is_read(sdk: Any, client: Any) -> None:
    """organizations/me and the users."""
    organization = sdk.OrganizationApi(client).get_organizations_me()
    assert (len(organization.id), organization.state) == (36, "active")
    users = sdk.UsersApi(client).get_users(page_size=1)
    assert (users.entities[0].name, users.total) == ("gcbridge Test User", 3)


def test_an_integration_is_brought_up(sdk: Any, client: Any, partner: RecordingPartner) -> None:
    """Create, configure, enable, wait for ACTIVE, find it in the list, delete."""
    api = sdk.IntegrationsApi(client)
    created = api.post_integrations(body={"integrationType": {"id": TYPE_ID}})
    current = api.get_integration_config_current(created.id)
    body = {"name": "dev", "version": current.version, "properties": PROPERTIES, "advanced": {}, "notes": "n"}
    configured = api.put_integration_config_current(created.id, body=body | {"credentials": {}})
    assert (configured.version, configured.properties) == (2, PROPERTIES)
    api.patch_integration(created.id, body={"intendedState": "ENABLED"})
    wait_until(lambda: api.get_integration(created.id).reported_state.code == "ACTIVE")
    listed = api.get_integrations(
        integration_type=TYPE_ID, reported_state="ACTIVE", expand=["config.current"]
    )
    assert [i.config.current.properties["eventSourceSuffix"] for i in listed.entities] == ["dev"]
    wait_until(lambda: len(partner.sources) == 1)
    api.delete_integration(created.id)
    wait_until(lambda: not partner.sources)


def test_a_stale_version_raises_409(sdk: Any, client: Any) -> None:
    """The SDK shows Genesys's body."""
    api = sdk.IntegrationsApi(client)
    created = api.post_integrations(body={"integrationType": {"id": TYPE_ID}})
    with pytest.raises(sdk.rest.ApiException) as refusal:
        api.put_integration_config_current(created.id, body={"name": "dev", "version": 9})
    assert (refusal.value.status, "does not match" in refusal.value.body) == (409, True)


def test_a_presence_is_read_and_changed(sdk: Any, client: Any) -> None:
    """By the id of a presence definition, as the API documents it."""
    api = sdk.PresenceApi(client)
    user = sdk.UsersApi(client).get_users().entities[0]
    definitions = api.get_presence_definitions().entities
    assert {d.system_presence for d in definitions} >= {"Available", "OnQueue", "Break"}
    away = next(d for d in definitions if d.system_presence == "Away")
    api.patch_user_presences_purecloud(user.id, {"presenceDefinition": {"id": away.id}, "message": "lunch"})
    presence = api.get_user_presences_purecloud(user.id)
    assert (presence.presence_definition.system_presence, presence.message) == ("Away", "lunch")
    with pytest.deprecated_call():
        assert len(api.get_presencedefinitions().entities) == len(definitions)


def test_types_are_read(sdk: Any, client: Any) -> None:
    """The type and its schema."""
    api = sdk.IntegrationsApi(client)
    assert [t.id for t in api.get_integrations_types().entities] == [TYPE_ID]
    assert api.get_integrations_type(TYPE_ID).name == "Amazon EventBridge Source"
    assert api.get_integrations_type_configschema(TYPE_ID, "properties") is not None


@pytest.mark.parametrize(("client_id", "status"), [("nobody", 400), (CLIENT_ID, 401)])
def test_wrong_credentials_raise(sdk: Any, organization: Organization, client_id: str, status: int) -> None:
    """An ApiException with the status of a live organization."""
    with pytest.raises(sdk.rest.ApiException) as refusal:
        sdk.ApiClient(host=organization.url).get_client_credentials_token(client_id, "wrong")
    assert refusal.value.status == status


def test_a_gateway_with_paths_works(sdk: Any, organization: Organization) -> None:
    """set_gateway with a login and an API path."""
    api_client = sdk.ApiClient()
    api_client.set_gateway("127.0.0.1", "http", organization.port, "login", "api-gw")
    client = api_client.get_client_credentials_token(CLIENT_ID, CLIENT_SECRET)
    assert sdk.OrganizationApi(client).get_organizations_me().default_country_code == "US"
