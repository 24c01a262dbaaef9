"""Integrations: configuration, locking, the lifecycle and the partner event source behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from genesys_organization import (
    PROPERTIES,
    TYPE_ID,
    Organization,
    RecordingPartner,
    run_organization,
    wait_until,
)


def source_name(organization: Organization, suffix: str = "dev") -> str:
    """The name AWS shall see."""
    return f"aws.partner/genesys.com/cloud/{organization.get('/api/v2/organizations/me')['id']}/{suffix}"


def test_a_new_integration_has_every_field_the_provider_reads(organization: Organization) -> None:
    """name, notes, properties, advanced and credentials are dereferenced without a check."""
    created = organization.must("POST", "/api/v2/integrations", {"integrationType": {"id": TYPE_ID}})
    current = organization.get(f"/api/v2/integrations/{created['id']}/config/current")
    values = [current[key] for key in ("name", "notes", "properties", "advanced", "credentials", "version")]
    assert values == ["Amazon EventBridge Source", "", {}, {}, {}, 1]
    assert (created["intendedState"], created["reportedState"]["code"]) == ("DISABLED", "INACTIVE")


def test_an_unknown_type_is_refused(organization: Organization) -> None:
    """Only the EventBridge source is emulated."""
    answer = organization.call("POST", "/api/v2/integrations", {"integrationType": {"id": "webhook"}})
    assert (answer.status, TYPE_ID in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"eventSourceSuffix": "a/b"}, "eventSourceSuffix"),
        ({"eventSourceSuffix": "x" * 65}, "eventSourceSuffix"),
        ({"eventSourceSuffix": "dev\n"}, "eventSourceSuffix"),
        ({"awsAccountId": "12345"}, "awsAccountId"),
        ({"awsAccountRegion": "Ireland"}, "awsAccountRegion"),
        ({"eventFilter": "v2.users.{id}.presence"}, "eventFilter"),
        ({"eventFilter": [1]}, "eventFilter.0"),
        ({"topicFilters": []}, "topicFilters"),
    ],
)
def test_wrong_properties_are_a_400_that_names_them(
    organization: Organization, change: dict[str, Any], complaint: str
) -> None:
    """Nothing is stored."""
    identity = organization.create()
    path = f"/api/v2/integrations/{identity}/config/current"
    body = organization.get(path) | {"properties": PROPERTIES | change}
    answer = organization.call("PUT", path, body)
    assert (answer.status, complaint in answer.json()["message"]) == (400, True)
    assert organization.get(path)["properties"] == PROPERTIES


def test_an_old_version_is_a_conflict(organization: Organization) -> None:
    """The provider recognizes the message and tries again."""
    identity = organization.create()
    path = f"/api/v2/integrations/{identity}/config/current"
    stale = organization.get(path) | {"version": 1}
    answer = organization.call("PUT", path, stale)
    assert (answer.status, "does not match the current version" in answer.json()["message"]) == (409, True)


def test_put_replaces_properties_wholesale_and_counts_versions(organization: Organization) -> None:
    """The order of eventFilter is kept."""
    identity = organization.create()
    current = organization.configure(identity, eventFilter=["b", "a"])
    assert (current["version"], current["properties"]["eventFilter"]) == (3, ["b", "a"])


def test_enabling_needs_complete_properties(organization: Organization) -> None:
    """An integration without properties can't be enabled."""
    created = organization.must("POST", "/api/v2/integrations", {"integrationType": {"id": TYPE_ID}})
    answer = organization.call("PATCH", f"/api/v2/integrations/{created['id']}", {"intendedState": "ENABLED"})
    assert (answer.status, "eventFilter" in answer.json()["message"]) == (400, True)


def test_enabling_makes_the_partner_create_the_source(
    organization: Organization, partner: RecordingPartner
) -> None:
    """ACTIVATING, then ACTIVE; the source has the computed name, account and region."""
    identity = organization.create()
    enabled = organization.set_state(identity, "ENABLED")
    assert enabled["reportedState"]["code"] == "ACTIVATING"
    wait_until(lambda: organization.state_of(identity) == "ACTIVE" and len(partner.sources) == 1)
    assert partner.sources == {("eu-west-1", source_name(organization), "123456789012")}


def test_disabling_keeps_the_source_and_deleting_takes_it_away(
    organization: Organization, partner: RecordingPartner
) -> None:
    """DEACTIVATING, INACTIVE, then 404 and no source."""
    identity = organization.create_sending()
    assert organization.set_state(identity, "DISABLED")["reportedState"]["code"] == "DEACTIVATING"
    wait_until(lambda: organization.state_of(identity) == "INACTIVE")
    assert len(partner.sources) == 1
    organization.must("DELETE", f"/api/v2/integrations/{identity}")
    assert organization.call("GET", f"/api/v2/integrations/{identity}").status == 404
    wait_until(lambda: not partner.sources)


def test_enabling_again_accepts_its_own_source(organization: Organization, partner: RecordingPartner) -> None:
    """AWS says ResourceAlreadyExists, but it is this integration's."""
    identity = organization.create_sending()
    organization.set_state(identity, "DISABLED")
    organization.set_state(identity, "ENABLED")
    wait_until(lambda: organization.state_of(identity) == "ACTIVE" and partner.calls.count("create") == 2)
    assert organization.state_of(identity) == "ACTIVE"


def test_a_taken_suffix_ends_in_error_with_the_reason(organization: Organization) -> None:
    """The second integration with one suffix learns why from reportedState.detail."""
    organization.create_sending()
    second = organization.create()
    organization.set_state(second, "ENABLED")
    wait_until(lambda: organization.state_of(second) == "ERROR")
    detail = organization.get(f"/api/v2/integrations/{second}")["reportedState"]["detail"]
    assert "ResourceAlreadyExistsException" in detail["message"]


def test_correcting_the_configuration_heals_an_error(organization: Organization) -> None:
    """A PUT on an enabled integration in ERROR activates it anew."""
    organization.create_sending()
    second = organization.create()
    organization.set_state(second, "ENABLED")
    wait_until(lambda: organization.state_of(second) == "ERROR")
    organization.configure(second, eventSourceSuffix="other")
    wait_until(lambda: organization.state_of(second) == "ACTIVE")


def test_moving_the_source_orphans_the_old_one(organization: Organization, partner: RecordingPartner) -> None:
    """Changing the suffix of an enabled integration makes a second source; deleting removes only that."""
    identity = organization.create_sending()
    organization.configure(identity, eventSourceSuffix="moved")
    wait_until(lambda: len(partner.sources) == 2)
    organization.must("DELETE", f"/api/v2/integrations/{identity}")
    wait_until(lambda: len(partner.sources) == 1)
    assert {name for _, name, _ in partner.sources} == {source_name(organization)}
    assert organization.get("/_sandbox/health")["orphaned_sources"] == [source_name(organization)]


def test_the_list_filters_and_expands(organization: Organization) -> None:
    """By reported state; the configuration in full only when asked for."""
    sending, idle = organization.create_sending(), organization.create(eventSourceSuffix="idle")
    query = f"/api/v2/integrations?integrationType={TYPE_ID}"
    active = organization.get(f"{query}&reportedState=ACTIVE&expand=config.current")["entities"]
    assert [(i["id"], i["config"]["current"]["properties"]) for i in active] == [(sending, PROPERTIES)]
    inactive = organization.get(f"{query}&reportedState=INACTIVE")["entities"]
    assert [(i["id"], "properties" in i["config"]["current"]) for i in inactive] == [(idle, False)]


@pytest.mark.parametrize(
    ("fault", "reported"),
    [({"activation_error": "no capacity"}, "ERROR"), ({"source_never_appears": True}, "ACTIVE")],
)
def test_faults_of_the_activation(
    organization: Organization, partner: RecordingPartner, fault: dict[str, Any], reported: str
) -> None:
    """An activation that fails, and one that succeeds without a source."""
    organization.must("POST", "/_sandbox/faults", fault)
    identity = organization.create()
    organization.set_state(identity, "ENABLED")
    wait_until(lambda: organization.state_of(identity) == reported)
    if reported == "ACTIVE":
        assert (
            organization.must("POST", "/_sandbox/emit", {"topic": PROPERTIES["eventFilter"][0]})["sent"] == 0
        )
        assert not partner.sources


def test_an_outage_of_aws_delays_the_source(organization: Organization, partner: RecordingPartner) -> None:
    """Genesys tries again until AWS answers."""
    partner.is_down = True
    identity = organization.create()
    organization.set_state(identity, "ENABLED")
    wait_until(lambda: partner.calls.count("create") > 1)
    assert not partner.sources
    partner.is_down = False
    wait_until(lambda: len(partner.sources) == 1)


def test_a_restart_finishes_what_was_under_way(tmp_path: Path, partner: RecordingPartner) -> None:
    """Stopped while activating, and stopped while a source was to be deleted."""
    with run_organization(tmp_path, partner, activation_delay_seconds=60, source_delay_seconds=60) as first:
        identity = first.create()
        first.set_state(identity, "ENABLED")
    with run_organization(tmp_path, partner) as second:
        wait_until(lambda: second.state_of(identity) == "ACTIVE" and len(partner.sources) == 1)
        partner.is_down = True
        second.must("DELETE", f"/api/v2/integrations/{identity}")
    partner.is_down = False
    with run_organization(tmp_path, partner):
        wait_until(lambda: not partner.sources)


def test_credentials_are_kept_without_their_values(organization: Organization, tmp_path: Path) -> None:
    """What is stored names the fields only."""
    body = {"name": "c", "type": {"name": "basicAuth"}, "credentialFields": {"password": "hunter2"}}
    created = organization.must("POST", "/api/v2/integrations/credentials", body)
    path = f"/api/v2/integrations/credentials/{created['id']}"
    assert (
        organization.must("PUT", path, body | {"name": "d"})["name"] == organization.get(path)["name"] == "d"
    )
    assert "hunter2" not in (tmp_path / "genesys.json").read_text()
    organization.must("DELETE", path)
    assert organization.call("GET", path).status == 404


def test_the_type_publishes_its_schemas(organization: Organization) -> None:
    """properties and advanced; nothing else."""
    uri = f"/api/v2/integrations/types/{TYPE_ID}"
    properties = organization.get(f"{uri}/configschemas/properties")
    assert sorted(properties["required"]) == sorted(PROPERTIES)
    assert organization.get(organization.get(uri)["configAdvancedSchemaUri"])["properties"] == {}
    assert organization.call("GET", f"{uri}/configschemas/other").status == 404
