"""Audit queries: everything that was published is found, by filter, by time, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import AUDITS, Organization, RecordingPartner, run_organization, wait_until

QUERY = "/api/v2/audits/query"
REALTIME = f"{QUERY}/realtime"


def around_now(seconds: float = 60) -> str:
    """An interval that holds this moment."""
    now = datetime.now(timezone.utc)
    ends = (now - timedelta(seconds=seconds), now + timedelta(seconds=seconds))
    return "/".join(end.strftime("%Y-%m-%dT%H:%M:%SZ") for end in ends)


def realtime(organization: Organization, **query: Any) -> Any:
    return organization.must("POST", REALTIME, {"interval": around_now()} | query)


def test_a_presence_change_is_found(organization: Organization) -> None:
    """In the words of the audit API, which differ from the event's."""
    user = organization.set_presence("Busy")
    (audit,) = realtime(organization, serviceName="Presence")["entities"]
    assert (audit["action"], audit["entityType"], audit["entity"]["id"]) == ("Update", "UserPresence", user)
    assert audit["user"]["id"] == user
    assert "client" not in audit
    assert audit["propertyChanges"] == [
        {"property": "PRESENCE", "oldValues": ["Available"], "newValues": ["Busy"]}
    ]
    assert audit["eventDate"].endswith(".000Z")


def test_an_audit_is_the_one_that_was_sent(organization: Organization, partner: RecordingPartner) -> None:
    """By its id."""
    organization.create_sending(eventFilter=[AUDITS])
    partner.events.clear()
    organization.set_presence("Busy")
    organization.wait_until_sent()
    (sent,) = partner.details(AUDITS)
    (found,) = realtime(organization, serviceName="Presence")["entities"]
    assert found["id"] == sent["eventBody"]["id"]


def test_audits_are_found_without_an_integration_and_after_a_restart(tmp_path: Path) -> None:
    """An organization audits whether or not anybody listens."""
    with run_organization(tmp_path, RecordingPartner()) as first:
        first.set_presence("Busy")
    with run_organization(tmp_path, RecordingPartner()) as second:
        assert realtime(second)["total"] == 1


@pytest.mark.parametrize(
    ("filters", "actions"),
    [
        ([], ["Delete", "Update", "Create"]),
        ([{"property": "Action", "value": "Update"}], ["Update"]),
        (
            [{"property": "EntityType", "value": "Integration"}, {"property": "Action", "value": "Create"}],
            ["Create"],
        ),
        ([{"property": "EntityId", "value": "nobody"}], []),
        ([{"property": "ClientId", "value": "nobody"}], []),
    ],
)
def test_filters_are_joined_by_and(
    organization: Organization, filters: list[dict[str, str]], actions: list[str]
) -> None:
    """The latest first."""
    identity = organization.create()
    organization.must("DELETE", f"/api/v2/integrations/{identity}")
    found = realtime(organization, serviceName="Integrations", filters=filters)
    assert [audit["action"] for audit in found["entities"]] == actions


def test_audits_are_sorted_and_paged(organization: Organization) -> None:
    """`pageCount` says how far to go."""
    for presence in ("Busy", "Meal", "Away"):
        organization.set_presence(presence)
    asked = {"sort": [{"name": "Timestamp", "sortOrder": "ascending"}], "pageSize": 2}
    first, second = (realtime(organization, **asked, pageNumber=number) for number in (1, 2))
    values = [a["propertyChanges"][0]["newValues"] for a in first["entities"] + second["entities"]]
    assert values == [["Busy"], ["Meal"], ["Away"]]
    assert (first["total"], first["pageCount"]) == (3, 2)


def test_the_interval_is_kept_to(organization: Organization) -> None:
    """An hour ago there was nothing; an emitted audit has the time that it says."""
    organization.set_presence("Busy")
    assert realtime(organization, interval="2001-01-01T00:00:00Z/2001-01-02T00:00:00+01:00")["total"] == 0
    settings = {"eventBody.eventTime": "2001-01-01T12:00:00.000Z"}
    organization.must("POST", "/_sandbox/emit", {"topic": AUDITS, "set": settings})
    assert realtime(organization, interval="2001-01-01T00:00:00Z/2001-01-02T00:00:00Z")["total"] == 1


@pytest.mark.parametrize(
    "query",
    [
        {"interval": "yesterday"},
        {"interval": "2001-01-02T00:00:00Z/2001-01-01T00:00:00Z"},
        {"interval": None},
        {"filters": [{"property": "Colour", "value": "red"}]},
        {"pageSize": 0},
    ],
)
def test_impossible_queries_are_a_400(organization: Organization, query: dict[str, Any]) -> None:
    """The message names what is wrong."""
    answer = organization.call("POST", REALTIME, {"interval": around_now()} | query)
    assert (answer.status, next(iter(query)) in answer.json()["message"]) == (400, True)


def test_an_asynchronous_query_takes_its_time(tmp_path: Path) -> None:
    """Queued or Running, then Succeeded; results before that are a 400; a cursor leads on."""
    with run_organization(tmp_path, RecordingPartner(), audit_query_seconds=0.5) as organization:
        for presence in ("Busy", "Meal", "Away"):
            organization.set_presence(presence)
        begun = organization.must("POST", QUERY, {"interval": around_now(), "serviceName": "Presence"})
        path = f"{QUERY}/{begun['id']}"
        assert begun["state"] == "Queued"
        assert organization.call("GET", f"{path}/results").status == 400
        wait_until(lambda: organization.get(path)["state"] == "Succeeded")
        first = organization.get(f"{path}/results?pageSize=2")
        second = organization.get(f"{path}/results?pageSize=2&cursor={first['cursor']}")
        assert [len(page["entities"]) for page in (first, second)] == [2, 1]
        assert "cursor" not in second
        assert organization.call("GET", f"{QUERY}/nobody").status == 404


def test_the_service_mapping_tells_what_is_audited(organization: Organization) -> None:
    """What the emulator audits by itself, and what was emitted."""
    organization.must("POST", "/_sandbox/emit", {"topic": AUDITS, "set": {"eventBody.action": "Eat"}})
    services = {s["name"]: s["entities"] for s in organization.get(f"{QUERY}/servicemapping")["services"]}
    assert services["Presence"] == [{"name": "UserPresence", "actions": ["Eat", "Update"]}]
    assert services["PeoplePermissions"][0]["name"] == "OAuthClient"


def test_the_sdk_reads_audits(sdk: Any, client: Any, organization: Organization) -> None:
    """Both ways."""
    user = organization.set_presence("Busy")
    api = sdk.AuditApi(client)
    query = {"interval": around_now(), "serviceName": "Presence"}
    now = api.post_audits_query_realtime(query)
    assert [(a.action, a.entity.id, a.property_changes[0].new_values) for a in now.entities] == [
        ("Update", user, ["Busy"])
    ]
    begun = api.post_audits_query(query)
    wait_until(lambda: api.get_audits_query_transaction_id(begun.id).state == "Succeeded")
    found = api.get_audits_query_transaction_id_results(begun.id, page_size=100)
    assert [audit.id for audit in found.entities] == [now.entities[0].id]
    assert found.cursor is None
    assert "Presence" in [service.name for service in api.get_audits_query_servicemapping().services]
