"""Flows: deployed by a job, found, locked, deleted, and started by a call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import (
    AUDITS,
    CLIENT_ID,
    WORKFLOW,
    Organization,
    RecordingPartner,
    run_organization,
    wait_until,
)

FLOWS = "/api/v2/flows"


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    """An organization that is asked for what fails, so that it stays empty."""
    with run_organization(tmp_path_factory.mktemp("refusing"), RecordingPartner()) as running:
        yield running


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    """An organization with three flows, for calls that change nothing."""
    with run_organization(tmp_path_factory.mktemp("stocked"), RecordingPartner()) as running:
        described = flow("workflow", '"Good [bye]"', description="ends it")
        for text in (flow("workflow", "Hello"), flow("inboundCall", "Hello"), described):
            assert running.deploy(text)["status"] == "Success"
        yield running


def other_client(organization: Organization) -> str:
    """A token of another OAuth client."""
    asked = {"name": "somebody else", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    made = organization.must("POST", "/api/v2/oauth/clients", asked)
    return str(organization.log_in(made["id"], made["secret"]).json()["access_token"])


def flow(kind: str, name: str, **more: str) -> str:
    """The text of a flow that says no more than it must."""
    lines = [f"{kind}:", f"  name: {name}", *(f"  {key}: {value}" for key, value in more.items())]
    return "\n".join(lines) + "\n"


def test_a_job_deploys_a_flow(tmp_path: Path) -> None:
    """Registered, Started, Success; then the flow is published and can be read."""
    with run_organization(tmp_path, RecordingPartner(), flow_job_seconds=0.5) as organization:
        job = organization.must("POST", f"{FLOWS}/jobs")
        path = f"{FLOWS}/jobs/{job['id']}"
        assert organization.get(path)["status"] == "Registered"
        assert organization.upload(job, WORKFLOW.replace("{{name}}", "Presence log")) == 200
        assert (organization.get(path)["status"], "flow" in organization.get(path)) == ("Started", False)
        wait_until(lambda: organization.get(path)["status"] == "Success")
        identity = organization.get(path)["flow"]["id"]
        made = organization.get(f"{FLOWS}/{identity}")
        assert (made["name"], made["type"], made["active"]) == ("Presence log", "WORKFLOW", True)
        assert made["description"] == "Notes that somebody went away"
        assert made["publishedVersion"]["id"] == "1.0"


def test_an_upload_address_holds_once(organization: Organization) -> None:
    """And only with its headers and its signature; it needs no token."""
    job = organization.must("POST", f"{FLOWS}/jobs")
    (header,) = job["headers"]
    assert organization.upload(job, WORKFLOW, **{header: "none"}) == 403
    assert organization.upload(job | {"presignedUrl": job["presignedUrl"] + "x"}, WORKFLOW) == 403
    assert organization.upload(job, WORKFLOW) == 200
    assert organization.upload(job, WORKFLOW) == 403


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("workflow: [", "not valid YAML"),
        ("just words", "must have one key"),
        (flow("workflow", "A") + flow("bot", "B"), "must have one key"),
        (flow("workflows", "A"), "workflows is not a type of flow"),
        ("workflow:\n", "what the flow is made of is missing"),
        ("workflow:\n  description: x\n", "name must be a text"),
        (flow("workflow", "{{name}}"), "not valid YAML"),
        (flow("workflow", "5"), "name must be a text, not 5"),
    ],
)
def test_a_broken_file_is_a_failure(refusing: Organization, text: str, reason: str) -> None:
    """With a message, and nothing is published."""
    job = refusing.deploy(text)
    assert (job["status"], job["messages"][0]["type"]) == ("Failure", "Error")
    assert reason in job["messages"][0]["text"]
    assert refusing.get(FLOWS)["total"] == 0


def test_deploying_again_publishes_the_next_version(organization: Organization) -> None:
    """Name, type and division tell which flow it is; another name is another flow, and the old one stays."""
    first = organization.deploy_workflow("Presence log")
    again = organization.deploy_workflow("presence LOG")
    renamed = organization.deploy_workflow("Renamed")
    assert first == again != renamed
    assert organization.get(f"{FLOWS}/{first}")["publishedVersion"]["id"] == "2.0"
    elsewhere = organization.deploy(flow("workflow", "Presence log", division="Other"))["flow"]["id"]
    call = organization.deploy(flow("inboundCall", "Presence log"))["flow"]["id"]
    assert len({first, renamed, elsewhere, call}) == organization.get(FLOWS)["total"] == 4


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Hello", "Hello", "Good [bye]"]),
        ("?name=hello", ["Hello", "Hello"]),
        ("?name=hello&type=workflow", ["Hello"]),
        ("?name=hello&type=workflow&type=inboundcall", ["Hello", "Hello"]),
        ("?name=hell", []),
        ("?name=good%20[bye]", ["Good [bye]"]),
        ("?nameOrDescription=*ends*", ["Good [bye]"]),
        ("?pageSize=1&pageNumber=3", ["Good [bye]"]),
    ],
)
def test_flows_are_listed(stocked: Organization, query: str, names: list[str]) -> None:
    """By name, by either of name and description, by types, in pages."""
    assert [one["name"] for one in stocked.get(FLOWS + query)["entities"]] == names


def test_seeded_flows_are_flows(organization: Organization) -> None:
    """Beside those that were deployed."""
    workflow = organization.deploy_workflow()
    ids = organization.must("POST", "/_sandbox/seed", {"flows": 3})["flows"]
    assert len(ids) == 3
    assert workflow in ids
    assert {one["type"] for one in organization.get(FLOWS)["entities"]} == {"WORKFLOW", "INBOUNDCALL"}


def test_a_locked_flow_stays_as_it_is(organization: Organization) -> None:
    """No other client deploys or deletes it, until somebody unlocks it."""
    identity = organization.deploy_workflow()
    theirs = {"Authorization": f"Bearer {other_client(organization)}"}
    lock = f"{FLOWS}/actions/checkout?flow={identity}"
    assert organization.call("POST", lock, **theirs).json()["lockedClient"]["id"] != CLIENT_ID
    job = organization.deploy(WORKFLOW.replace("{{name}}", "Presence log"))
    assert job["status"] == "Failure"
    assert "is locked by client" in job["messages"][0]["text"]
    for method, path in (("DELETE", f"{FLOWS}/{identity}"), ("POST", lock)):
        assert organization.call(method, path).status == 409
    unlocked = organization.must("POST", f"{FLOWS}/actions/unlock?flow={identity}")
    assert "lockedClient" not in unlocked
    organization.must("DELETE", f"{FLOWS}/{identity}")
    assert organization.call("GET", f"{FLOWS}/{identity}").status == 404


def test_flows_are_audited(organization: Organization, partner: RecordingPartner) -> None:
    """Made, published again, deleted."""
    organization.create_sending(eventFilter=[AUDITS])
    partner.events.clear()
    identity = organization.deploy_workflow()
    organization.deploy_workflow()
    organization.must("DELETE", f"{FLOWS}/{identity}")
    organization.wait_until_sent()
    bodies = [detail["eventBody"] for detail in partner.details(AUDITS)]
    assert [body["action"] for body in bodies] == ["Create", "Publish", "Delete"]
    assert {(body["serviceName"], body["entityType"]) for body in bodies} == {("Architect", "Flow")}


def test_a_workflow_is_started_by_a_call(organization: Organization) -> None:
    """Its published version only, and nothing but a workflow."""
    workflow = organization.deploy_workflow()
    asked: dict[str, Any] = {"flowId": workflow, "inputData": {"message": "hi"}, "name": "by hand"}
    started = organization.must("POST", f"{FLOWS}/executions", asked)
    read = organization.get(f"{FLOWS}/executions/{started['id']}")
    assert (read["name"], read["status"], read["flowVersion"]["id"]) == ("by hand", "COMPLETED", "1.0")
    (kept,) = organization.executions(flow=workflow)
    assert (kept["input_data"], kept["trigger_id"]) == ({"message": "hi"}, "")
    call = organization.deploy(flow("inboundCall", "Hello"))["flow"]["id"]
    for wrong in ({"flowId": call}, {"flowId": "none"}, asked | {"flowVersion": "9.0"}):
        assert organization.call("POST", f"{FLOWS}/executions", wrong).status == 404
    assert organization.call("GET", f"{FLOWS}/executions/none").status == 404
