"""From an event to the start of a workflow."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import (
    AUDITS,
    PRESENCE,
    Organization,
    RecordingPartner,
    run_organization,
    wait_until,
)

AWAY = {"jsonPath": "presenceDefinition.systemPresence", "operator": "Equal", "value": "AWAY"}
ACD_END = "v2.detail.events.conversation.{id}.acd.end"


@pytest.fixture
def workflow(organization: Organization) -> str:
    """A published workflow."""
    return organization.deploy_workflow()


def emit(organization: Organization, topic: str, **values: Any) -> dict[str, Any]:
    """A sample event."""
    return dict(organization.must("POST", "/_sandbox/emit", {"topic": topic, "set": values}))


def test_a_presence_change_starts_the_workflow(organization: Organization, workflow: str) -> None:
    """With what started it; other changes do not, and no integration is needed."""
    trigger = organization.make_trigger(workflow, matchCriteria=[AWAY])
    organization.set_presence("BUSY")
    user = organization.set_presence("AWAY")
    (started,) = organization.executions()
    assert (started["flow_id"], started["flow_version"]) == (workflow, "1.0")
    assert (started["trigger_id"], started["name"]) == (trigger["id"], "Presence log")
    assert started["topic"] == f"v2.users.{user}.presence"
    assert organization.get(f"/api/v2/flows/executions/{started['id']}")["status"] == "COMPLETED"


def test_top_level_primitives(organization: Organization, workflow: str) -> None:
    """Text, numbers and booleans at the top reach the workflow, objects, lists and nulls do not."""
    organization.make_trigger(workflow)
    body = {"text": "a", "number": 1.5, "flag": False, "object": {"a": 1}, "list": [1], "nothing": None}
    emit(organization, PRESENCE, eventBody=body)
    assert organization.executions()[0]["input_data"] == {"text": "a", "number": 1.5, "flag": False}


def test_json_is_the_whole_body_in_one_value(organization: Organization, workflow: str) -> None:
    """Under the name that Genesys Cloud asks workflows to have."""
    settings = {"workflowTargetSettings": {"dataFormat": "Json"}}
    organization.make_trigger(workflow, target={"type": "Workflow", "id": workflow, **settings})
    emit(organization, PRESENCE, eventBody={"object": {"a": 1}, "nothing": None})
    assert organization.executions()[0]["input_data"] == {"jsonData": {"object": {"a": 1}, "nothing": None}}


def test_who_is_started(organization: Organization, workflow: str) -> None:
    """Every enabled trigger of the topic whose criteria all hold, once an event."""
    yes: dict[str, Any] = {
        "topicName": ACD_END,
        "matchCriteria": [{"jsonPath": "mediaType", "operator": "Exists", "value": True}],
    }
    voice = {"jsonPath": "mediaType", "operator": "In", "values": ["VOICE", "CHAT"]}
    nothing = {"jsonPath": "mediaType", "operator": "Size", "value": 99}
    started = [
        organization.make_trigger(workflow, name="exists", **yes),
        organization.make_trigger(workflow, name="all", topicName=ACD_END),
        organization.make_trigger(workflow, name="voice", topicName=ACD_END, matchCriteria=[voice]),
    ]
    organization.make_trigger(workflow, name="one fails", topicName=ACD_END, matchCriteria=[voice, nothing])
    organization.make_trigger(workflow, name="disabled", enabled=False, topicName=ACD_END)
    organization.make_trigger(workflow, name="other topic")
    emit(organization, ACD_END)
    assert [one["trigger_id"] for one in organization.executions()] == [one["id"] for one in started]
    emit(organization, ACD_END)
    assert len(organization.executions(trigger=started[0]["id"])) == 2


def test_an_audit_can_start_a_workflow(organization: Organization, workflow: str) -> None:
    """What starts on the audits of triggers does not start itself over and over."""
    criteria = [{"jsonPath": "entityType", "operator": "Equal", "value": "Trigger"}]
    organization.make_trigger(workflow, topicName=AUDITS, matchCriteria=criteria)
    made = organization.make_trigger(workflow)
    assert [one["topic"].split(".")[-1] for one in organization.executions()][-1:] == [made["id"]]


def test_an_old_event_starts_nothing(organization: Organization, workflow: str) -> None:
    """Older than eventTTLSeconds, by the time in its envelope; without a limit, age does not matter."""
    patient = organization.make_trigger(workflow, name="patient")
    organization.make_trigger(workflow, name="hasty", eventTTLSeconds=10)
    emit(organization, PRESENCE, timestamp="2026-01-01T00:00:00.000Z")
    assert [one["trigger_id"] for one in organization.executions()] == [patient["id"]]
    assert organization.get("/_sandbox/health")["workflows"]["expired"] == 1
    emit(organization, PRESENCE)
    assert len(organization.executions()) == 3


def test_without_a_workflow_nothing_starts(organization: Organization, workflow: str) -> None:
    """It was deleted; the trigger stays."""
    made = organization.make_trigger(workflow)
    organization.must("DELETE", f"/api/v2/flows/{workflow}")
    emit(organization, PRESENCE)
    assert organization.executions() == []
    assert organization.get("/_sandbox/health")["workflows"]["unstarted"] == 1
    assert organization.get(made["selfUri"])["enabled"]


def test_a_delayed_start_outlasts_a_stop(tmp_path: Path) -> None:
    """It waits, also over a restart, and then starts once; of a trigger that was disabled meanwhile, never."""
    with run_organization(tmp_path, RecordingPartner(), trigger_delay_factor=0.02) as first:
        workflow = first.deploy_workflow()
        kept = first.make_trigger(workflow, delayBySeconds=60)
        gone = first.make_trigger(workflow, delayBySeconds=61)
        emit(first, PRESENCE)
        assert first.executions() == []
        assert first.get("/_sandbox/health")["workflows"]["waiting"] == 2
        first.must("PUT", gone["selfUri"], gone | {"enabled": False})
    with run_organization(tmp_path, RecordingPartner()) as second:
        wait_until(lambda: second.get("/_sandbox/health")["workflows"]["waiting"] == 0)
        assert [one["trigger_id"] for one in second.executions()] == [kept["id"]]


def test_a_delay_is_waited_out(tmp_path: Path) -> None:
    """In the running organization, without a restart."""
    with run_organization(tmp_path, RecordingPartner(), trigger_delay_factor=0.01) as organization:
        organization.make_trigger(organization.deploy_workflow(), delayBySeconds=60)
        emit(organization, PRESENCE)
        assert organization.executions() == []
        wait_until(lambda: len(organization.executions()) == 1)


def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    """Flow, trigger, execution and what waits are on disk before the call is answered; nothing is written at a stop."""
    with run_organization(tmp_path / "one", RecordingPartner()) as first:
        workflow = first.deploy_workflow()
        trigger = first.make_trigger(workflow)
        first.make_trigger(workflow, delayBySeconds=60)
        first.set_presence("AWAY")
        shutil.copytree(tmp_path / "one", tmp_path / "two")
    with run_organization(tmp_path / "two", RecordingPartner()) as second:
        assert second.get(trigger["selfUri"]) == trigger
        assert [one["trigger_id"] for one in second.executions(flow=workflow)] == [trigger["id"]]
        counts = second.get("/_sandbox/health")
        assert (counts["triggers"], counts["flows"], counts["workflows"]["waiting"]) == (2, 1, 1)


def test_a_kill_after_a_delayed_start_starts_nothing_twice(tmp_path: Path) -> None:
    """The start is on disk, and that it is over is not: as if the process had been killed in between."""
    folder, before = tmp_path / "state", tmp_path / "before"
    with run_organization(folder, RecordingPartner()) as first:
        first.make_trigger(first.deploy_workflow(), delayBySeconds=60)
        emit(first, PRESENCE)
    with sqlite3.connect(folder / "delayed.sqlite3") as database:
        database.execute("UPDATE delayed SET due = 0")
    database.close()
    shutil.copytree(folder, before)
    with run_organization(folder, RecordingPartner()) as second:
        wait_until(lambda: second.get("/_sandbox/health")["workflows"]["waiting"] == 0)
        (started,) = second.executions()
    shutil.copy(before / "delayed.sqlite3", folder)
    with run_organization(folder, RecordingPartner()) as third:
        wait_until(lambda: third.get("/_sandbox/health")["workflows"]["waiting"] == 0)
        assert third.executions() == [started]
