"""What Terraform prints, and what its state holds, when something goes wrong."""

from __future__ import annotations

import re
import time

import pytest

from .small_genesys import SmallGenesys
from .test_terraform import ADDRESS, BRIDGE, FILTER, only_id
from .workspace import PROVIDER, Workspace

pytestmark = pytest.mark.sandbox


def test_failure_after_create_leaves_a_tainted_resource(workspace: Workspace, genesys: SmallGenesys) -> None:
    """The id is kept, so the next apply replaces the half-made integration instead of making a second one."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("PUT .*/config/current", status=403, message="missing permission")
    output = workspace.apply(code=1)
    half_made = only_id(genesys)
    assert "API Error: 403 - missing permission (correlation-1)" in output
    assert re.search(r"on main.tf line 5, in resource .*\n +5: +config \{", output), output
    assert workspace.resource(ADDRESS)["tainted"] is True
    assert workspace.resource(ADDRESS)["values"]["id"] == half_made
    assert "is tainted, so must be replaced" in workspace.plan(code=2)
    workspace.apply()
    assert only_id(genesys) != half_made


def test_failed_create_leaves_no_state(workspace: Workspace, genesys: SmallGenesys) -> None:
    """Without an id there is nothing to keep."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("POST /api/v2/integrations", status=400, message="no such type")
    assert "Failed to create integration error: API Error: 400 - no such type" in workspace.apply(code=1)
    assert workspace.run("state", "list") == ""


def test_failed_update_is_planned_again(workspace: Workspace, genesys: SmallGenesys) -> None:
    """The refresh before the next plan finds what was not changed; nothing is tainted."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    workspace.write((BRIDGE % FILTER).replace('"Bridge"', '"Renamed"'))
    genesys.fail_next("PUT .*/config/current", status=400, message="not today")
    assert "not today" in workspace.apply(code=1)
    assert '"Bridge" -> "Renamed"' in workspace.plan(code=2)


def test_failed_delete_keeps_the_resource(workspace: Workspace, genesys: SmallGenesys) -> None:
    """An integration that could not be deleted stays in the state."""
    workspace.write(BRIDGE % FILTER)
    workspace.apply()
    genesys.fail_next("DELETE ", status=403, message="missing permission")
    output = workspace.run("destroy", "-auto-approve", "-no-color", "-input=false", code=1)
    assert "Failed to delete Integration" in output
    assert ADDRESS in workspace.run("state", "list")


@pytest.mark.parametrize(
    ("status", "message"), [(409, "conflict"), (400, "version 1 does not match the current version 2")]
)
def test_version_conflict_is_retried(
    workspace: Workspace, genesys: SmallGenesys, status: int, message: str
) -> None:
    """Each try reads the version again before it writes."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("PUT .*/config/current", status=status, message=message)
    workspace.apply()
    writes = [request.split()[0] for request in genesys.requests if request.endswith("/config/current")]
    assert writes[:5] == ["GET", "GET", "PUT", "GET", "PUT"]


@pytest.mark.parametrize("status", [429, 503])
def test_busy_organization_is_asked_again(workspace: Workspace, genesys: SmallGenesys, status: int) -> None:
    """Throttling and server errors are repeated for every method, POST included."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("POST /api/v2/integrations", status=status, times=2)
    workspace.apply()
    assert genesys.requests.count("POST /api/v2/integrations") == 3
    assert len(genesys.integrations) == 1


def test_permanent_server_error_ends_within_seconds(workspace: Workspace, genesys: SmallGenesys) -> None:
    """The stand-in gives up long before the real provider would."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("GET /api/v2/organizations/me", status=500, message="broken", times=100)
    started = time.monotonic()
    assert "API Error: 500 - broken" in workspace.plan(code=1)
    assert time.monotonic() - started < 16


def test_not_implemented_is_final(workspace: Workspace, genesys: SmallGenesys) -> None:
    """501 is the one server error that is not repeated."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("GET /api/v2/organizations/me", status=501, times=100)
    workspace.plan(code=1)
    assert genesys.requests.count("GET /api/v2/organizations/me") == 1


@pytest.mark.parametrize(
    ("hcl", "summary", "line"),
    [
        (
            (BRIDGE % FILTER).replace("  config {", '  config {\n    name = "First"\n  }\n  config {', 1),
            "Too many list items",
            r"config \{",
        ),
        (
            (BRIDGE % FILTER).replace("ENABLED", "PAUSED"),
            'expected intended_state to be one of ["ENABLED" "DISABLED"], got PAUSED',
            r'intended_state +=  *"PAUSED"',
        ),
    ],
    ids=["two config blocks", "wrong state"],
)
def test_invalid_resource_is_refused_on_its_line(
    workspace: Workspace, hcl: str, summary: str, line: str
) -> None:
    """Validation names the HCL line it is about."""
    workspace.write(hcl)
    output = workspace.run("validate", "-no-color", code=1)
    assert summary in output
    assert re.search(rf"on main.tf line \d+, in resource .*\n +\d+: +{line}", output), output


def test_invalid_json_fails_on_apply_as_in_the_real_provider(
    workspace: Workspace, genesys: SmallGenesys
) -> None:
    """The real provider parses the text only after it has made the integration."""
    workspace.write(BRIDGE % '"{not json"')
    output = workspace.apply(code=1)
    assert "Failed to convert properties string to JSON for integration" in output
    assert re.search(r"\d+: +properties = ", output), output


WITHOUT_GATEWAY = re.sub(r"  gateway \{.*?\n  \}\n", "", PROVIDER % 0, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("provider", "summary"),
    [
        (WITHOUT_GATEWAY, "The provider has no gateway block"),
        (
            (PROVIDER % 0).replace("127.0.0.1", "api.mypurecloud.de"),
            "api.mypurecloud.de is a real Genesys Cloud",
        ),
        ((PROVIDER % 0).replace('"http"', '"ftp"'), 'The gateway\'s protocol is "ftp", not http or https'),
        (
            (PROVIDER % 0).replace("gateway {", "token_pool_size = 99\n  gateway {"),
            "in the range (1 - 50), got 99",
        ),
        (
            (PROVIDER % 0).replace("gateway {", 'custom_retry_timeout = "5"\n  gateway {'),
            "valid duration string",
        ),
    ],
    ids=["no gateway", "real region", "protocol", "pool size", "duration"],
)
def test_invalid_provider_block_is_refused(
    workspace: Workspace, genesys: SmallGenesys, provider: str, summary: str
) -> None:
    """Anything but a local gateway is refused before a request is made."""
    workspace.write(BRIDGE % FILTER, provider)
    assert summary in re.sub(r"\s+", " ", workspace.plan(code=1))
    assert genesys.requests == []


@pytest.mark.parametrize("missing", ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"])
def test_missing_credentials_name_their_variables(
    workspace: Workspace, genesys: SmallGenesys, missing: str
) -> None:
    """The diagnostic says which variables to set."""
    workspace.write(BRIDGE % FILTER)
    output = workspace.run("plan", "-no-color", "-input=false", code=1, environment={missing: ""})
    assert "No credentials for Genesys Cloud" in output
    assert missing in output


def test_unforeseen_answer_is_one_diagnostic(workspace: Workspace, genesys: SmallGenesys) -> None:
    """An answer without the expected fields names the error's type; a traceback appears only with TF_LOG."""
    workspace.write(BRIDGE % FILTER)
    genesys.fail_next("POST /api/v2/integrations", status=200)
    output = workspace.apply(code=1)
    assert "Error: KeyError: 'id'" in output
    assert "Traceback" not in output
    genesys.fail_next("POST /api/v2/integrations", status=200)
    logged = workspace.run("apply", "-auto-approve", "-input=false", code=1, environment={"TF_LOG": "debug"})
    assert "Traceback (most recent call last)" in logged
