"""The real Terraform drives the stand-in through a resource's whole life."""

from __future__ import annotations

import re

import pytest

from .small_genesys import CLIENT_SECRET, ORGANIZATION_ID, TOKEN, SmallGenesys
from .workspace import PROVIDER, Workspace

pytestmark = pytest.mark.sandbox

BRIDGE = """
resource "genesyscloud_integration" "bridge" {
  intended_state   = "ENABLED"
  integration_type = "amazon-eventbridge-source"
  config {
    name       = "Bridge"
    properties = %s
  }
}
"""
FILTER = 'jsonencode({ awsAccountId = "123456789012", eventFilter = ["v2.a", "v2.b"] })'
ADDRESS = "genesyscloud_integration.bridge"


def only_id(genesys: SmallGenesys) -> str:
    """The id of the one integration there is."""
    (identity,) = genesys.integrations
    return identity


def test_configuration_is_valid(workspace: Workspace) -> None:
    """Validation needs neither credentials nor a running organization."""
    workspace.write(BRIDGE % FILTER)
    assert "The configuration is valid" in workspace.run(
        "validate", "-no-color", environment={"GENESYSCLOUD_OAUTHCLIENT_ID": ""}
    )


def test_saved_plan_is_applied_in_the_real_providers_order(
    workspace: Workspace, genesys: SmallGenesys
) -> None:
    """A saved plan makes exactly the real provider's calls, and the next plan has nothing to do."""
    workspace.write(BRIDGE % FILTER)
    workspace.run("plan", "-out=saved.plan", "-input=false")
    genesys.requests.clear()
    workspace.run("apply", "-input=false", "saved.plan")
    one = f"/api/v2/integrations/{only_id(genesys)}"
    assert genesys.requests == [
        "POST /oauth/token",
        "GET /api/v2/organizations/me",
        "GET /api/v2/authorization/products",
        "POST /api/v2/integrations",
        f"GET {one}/config/current",
        f"GET {one}/config/current",
        f"PUT {one}/config/current",
        f"PATCH {one}?pageSize=25&pageNumber=1",
        f"GET {one}?pageSize=100&pageNumber=1",
        f"GET {one}/config/current",
    ]
    workspace.plan(code=0)


def test_update_happens_in_place(workspace: Workspace, genesys: SmallGenesys) -> None:
    """Changing the name and the state keeps the integration and what the configuration leaves to the API."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    identity = only_id(genesys)
    workspace.write((BRIDGE % FILTER).replace("ENABLED", "DISABLED").replace('"Bridge"', '"Renamed"'))
    assert "1 changed" in workspace.apply()
    assert only_id(genesys) == identity
    assert genesys.integrations[identity]["intendedState"] == "DISABLED"
    assert genesys.configs[identity]["name"] == "Renamed"
    assert genesys.configs[identity]["properties"]["eventFilter"] == ["v2.a", "v2.b"]
    workspace.plan(code=0)


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        (r'"{\"eventFilter\": [\"v2.a\", \"v2.b\"],   \"awsAccountId\": \"123456789012\"}"', 0),
        ('jsonencode({ awsAccountId = "123456789012", eventFilter = ["v2.a", "v2.b"], none = null })', 0),
        ('jsonencode({ awsAccountId = "123456789012", eventFilter = ["v2.b", "v2.a"] })', 2),
        ('jsonencode({ awsAccountId = "123456789012" })', 2),
    ],
    ids=["spelling", "null property", "array order", "missing key"],
)
def test_equivalent_json_is_no_difference(
    workspace: Workspace, genesys: SmallGenesys, properties: str, code: int
) -> None:
    """Spelling and null properties are hidden from the plan, the order of an array is not."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    workspace.write(BRIDGE % properties)
    workspace.plan(code=code)


def test_json_in_another_spelling_settles_after_one_apply(
    workspace: Workspace, genesys: SmallGenesys
) -> None:
    """Hand-written JSON may differ from what the API returns without a second difference."""
    workspace.write(BRIDGE % r'"{ \"b\" : 1,  \"a\" : \"<&>\" }"')
    workspace.apply()
    workspace.plan(code=0)
    assert genesys.configs[only_id(genesys)]["properties"] == {"b": 1, "a": "<&>"}


def test_drift_is_found_and_repaired(workspace: Workspace, genesys: SmallGenesys) -> None:
    """What somebody changed by hand is planned back."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    genesys.integrations[only_id(genesys)]["intendedState"] = "DISABLED"
    assert '"DISABLED" -> "ENABLED"' in workspace.plan(code=2)
    workspace.apply()
    assert genesys.integrations[only_id(genesys)]["intendedState"] == "ENABLED"


def test_remotely_deleted_integration_is_created_again(workspace: Workspace, genesys: SmallGenesys) -> None:
    """A 404 drops the integration from the state at once."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    gone = only_id(genesys)
    del genesys.integrations[gone], genesys.configs[gone]
    assert "1 added" in workspace.apply()
    assert only_id(genesys) != gone


def test_import_takes_the_id(workspace: Workspace, genesys: SmallGenesys) -> None:
    """An imported integration matches its configuration without a change."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    workspace.forget()
    workspace.run("import", "-no-color", "-input=false", ADDRESS, only_id(genesys))
    workspace.plan(code=0)


def test_data_sources_find_the_organization_and_the_integration(
    workspace: Workspace, genesys: SmallGenesys
) -> None:
    """The organization and an integration are found, also in the plan that creates the integration."""
    workspace.write(
        BRIDGE % FILTER
        + """
data "genesyscloud_organizations_me" "me" {}
data "genesyscloud_integration" "found" { name = genesyscloud_integration.bridge.config[0].name }
output "organization" { value = data.genesyscloud_organizations_me.me }
output "found" { value = data.genesyscloud_integration.found.id }
"""
    )
    output = workspace.apply()
    assert re.search(rf'"id" += "{ORGANIZATION_ID}"', output)
    assert re.search(r'"default_country_code" += "US"', output)
    assert re.search(r'"voicemail_enabled" += true', output)
    assert f'found = "{only_id(genesys)}"' in output
    workspace.write('data "genesyscloud_integration" "found" { name = "nobody" }')
    assert "no integrations found with name: nobody" in workspace.plan(code=1)


def test_destroy_waits_until_the_integration_is_gone(workspace: Workspace, genesys: SmallGenesys) -> None:
    """After destroy, a GET has answered 404."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    identity = only_id(genesys)
    workspace.run("destroy", "-auto-approve", "-input=false")
    assert not genesys.integrations
    assert genesys.requests[-2:] == [
        f"DELETE /api/v2/integrations/{identity}",
        f"GET /api/v2/integrations/{identity}?pageSize=100&pageNumber=1",
    ]


def test_unknown_values_are_planned(workspace: Workspace, genesys: SmallGenesys) -> None:
    """Values that exist only after apply, refined or not, may stand anywhere in the configuration."""
    unknown = (
        BRIDGE % 'jsonencode({ id = terraform_data.first.id, name = "x-${terraform_data.first.id}" })\n'
        '    notes = "made for ${terraform_data.first.id}"'
    )
    workspace.write('resource "terraform_data" "first" {}\n' + unknown)
    assert "(known after apply)" in workspace.plan(code=2)
    workspace.apply()
    workspace.plan(code=0)
    assert genesys.configs[only_id(genesys)]["notes"].startswith("made for ")


def test_credential_fields_are_never_shown(workspace: Workspace, genesys: SmallGenesys) -> None:
    """Plan and apply print "(sensitive value)", and the credential reaches the integration by id."""
    credential = """
resource "genesyscloud_integration_credential" "basic" {
  name                 = "Basic"
  credential_type_name = "basicAuth"
  fields               = { userName = "someone", password = "%s" }
}
"""
    user = BRIDGE % (
        FILTER + "\n    credentials = { basicAuth = genesyscloud_integration_credential.basic.id }"
    )
    for password in ("hidden-one", "hidden-two"):
        workspace.write(credential % password + user)
        output = workspace.apply()
        assert "fields" in output
        assert "(sensitive value)" in output
        assert password not in output
        (stored,) = genesys.credentials.values()
        assert stored["credentialFields"]["password"] == password
    (config,) = genesys.configs.values()
    assert config["credentials"] == {"basicAuth": {"id": stored["id"]}}
    workspace.plan(code=0)
    workspace.run("destroy", "-auto-approve", "-input=false")
    assert not genesys.credentials


def test_aliases_are_configured_separately(workspace: Workspace, genesys: SmallGenesys) -> None:
    """Each alias logs in with its own credentials."""
    alias = 'provider "genesyscloud" {\n  alias = "other"\n  access_token = "another-token"\n  gateway {\n'
    alias += f'    host = "127.0.0.1"\n    port = "{genesys.port}"\n    protocol = "http"\n  }}\n}}\n'
    bridge = (BRIDGE % FILTER).replace("intended_state", "provider = genesyscloud.other\n  intended_state", 1)
    workspace.write(alias + bridge)
    output = workspace.plan(code=1)
    assert "API Error: 401 - Invalid token" in output
    assert 'with provider["registry.terraform.io/mypurecloud/genesyscloud"].other' in output
    workspace.write(alias.replace("another-token", "a-token") + bridge)
    workspace.apply()
    assert genesys.integrations


def test_gateway_environment_fills_what_the_block_leaves_out(
    workspace: Workspace, genesys: SmallGenesys
) -> None:
    """An empty gateway block reads host, port and protocol from the environment."""
    provider = re.sub(r"gateway \{.*?\n  \}", "gateway {}", PROVIDER % 0, flags=re.DOTALL)
    workspace.write(BRIDGE % FILTER, provider)
    server = {"HOST": "127.0.0.1", "PORT": str(genesys.port), "PROTOCOL": "http"}
    named = {f"GENESYSCLOUD_GATEWAY_{name}": value for name, value in server.items()}
    workspace.run("plan", "-input=false", environment=named)


def test_path_params_stand_before_the_paths(workspace: Workspace, genesys: SmallGenesys) -> None:
    """path_params put a prefix before /oauth/token and before /api/v2."""
    params = """
    path_params {
      path_name  = "login"
      path_value = "sign/in"
    }
    path_params {
      path_name  = "api"
      path_value = "front"
    }
"""
    provider = (PROVIDER % genesys.port).replace('protocol = "http"', 'protocol = "http"' + params)
    workspace.write(BRIDGE % FILTER, provider)
    workspace.plan(code=1)
    assert genesys.requests == ["POST /sign/in/oauth/token"]
    genesys.requests.clear()
    workspace.run("plan", "-input=false", code=1, environment={"GENESYSCLOUD_ACCESS_TOKEN": TOKEN})
    assert genesys.requests == ["GET /front/api/v2/organizations/me"]


def test_wrong_secret_is_refused_without_showing_it(workspace: Workspace, genesys: SmallGenesys) -> None:
    """The diagnostic is the real provider's; neither secret stands in it."""
    workspace.write(BRIDGE % FILTER)
    wrong = "wrong-but-private"
    output = workspace.run(
        "plan", "-no-color", "-input=false", code=1, environment={"GENESYSCLOUD_OAUTHCLIENT_SECRET": wrong}
    )
    assert "Auth Error: 400 - invalid_client (client not found or invalid)" in output
    assert wrong not in output
    assert CLIENT_SECRET not in output
