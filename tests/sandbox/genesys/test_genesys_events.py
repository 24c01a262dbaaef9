"""Events: which are sent, to whom, in which shape, and that none is lost."""

from __future__ import annotations

import re
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

from gcbridge.sandbox.genesys.samples import all_samples

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOPICS = sorted({sample.topic for sample in all_samples()})


def emit(organization: Organization, topic: str, count: int = 1, **settings: Any) -> Any:
    """POST /_sandbox/emit; double underscores in names stand for dots."""
    paths = {path.replace("__", "."): value for path, value in settings.items()}
    return organization.must("POST", "/_sandbox/emit", {"topic": topic, "count": count, "set": paths})


def test_a_presence_change_sends_a_presence_and_an_audit_event(
    organization: Organization, partner: RecordingPartner
) -> None:
    """Shapes of the captured audit and of the SDK's presence model."""
    organization.create_sending()
    user = organization.set_presence("On Queue")
    organization.wait_until_sent()
    (presence,) = partner.details(PRESENCE)
    assert presence["topicName"] == f"v2.users.{user}.presence"
    assert presence["eventBody"]["presenceDefinition"]["systemPresence"] == "ON_QUEUE"
    audit = partner.details(AUDITS)[-1]
    assert audit.keys() == {"topicName", "version", "eventBody", "metadata", "timestamp"}
    assert audit["topicName"] == f"v2.audits.entitytype.UserPresence.entityid.{user}"
    body = audit["eventBody"]
    assert (body["serviceName"], body["entityType"], body["action"]) == ("Presence", "UserPresence", "Update")
    assert body["entity"] == {"id": user, "name": "gcbridge Test User"}
    assert body["propertyChanges"] == [
        {"property": "PRESENCE", "oldValues": ["Available"], "newValues": ["On Queue"]}
    ]
    assert body["eventTime"].endswith(".000Z")
    assert audit["metadata"]["CorrelationId"].endswith("-archival")
    assert (audit["version"], bool(ISO.fullmatch(audit["timestamp"]))) == ("2", True)


def test_an_unchanged_presence_sends_nothing(organization: Organization, partner: RecordingPartner) -> None:
    """Everybody starts as Available."""
    organization.create_sending()
    organization.set_presence("Available")
    organization.wait_until_sent()
    assert partner.events == []


def test_only_integrations_with_the_topic_get_it(
    organization: Organization, partner: RecordingPartner
) -> None:
    """Each under its own source, in its own region."""
    organization.create_sending(eventFilter=[PRESENCE])
    organization.create_sending(eventFilter=[AUDITS], eventSourceSuffix="b", awsAccountRegion="us-east-1")
    partner.events.clear()
    organization.set_presence("Meeting")
    organization.wait_until_sent()
    sent = [(e.detail_type, e.source.rpartition("/")[2], e.region) for e in partner.events]
    assert sorted(sent) == [(AUDITS, "b", "us-east-1"), (PRESENCE, "dev", "eu-west-1")]


def test_a_disabled_integration_sends_nothing(organization: Organization, partner: RecordingPartner) -> None:
    """From the moment of the PATCH."""
    identity = organization.create_sending(eventFilter=[PRESENCE])
    organization.set_state(identity, "DISABLED")
    organization.set_presence("Busy")
    organization.wait_until_sent()
    assert partner.events == []


def test_a_configuration_change_is_audited(organization: Organization, partner: RecordingPartner) -> None:
    """One Integrations audit that names what changed and the OAuth client."""
    identity = organization.create_sending()
    organization.configure(identity, name="renamed")
    organization.wait_until_sent()
    body = partner.details(AUDITS)[-1]["eventBody"]
    assert (body["serviceName"], body["entityType"], body["action"]) == (
        "Integrations",
        "Integration",
        "Update",
    )
    assert body["entity"] == {"id": identity, "name": "renamed"}
    assert body["propertyChanges"] == [
        {"property": "name", "oldValues": ["bridge"], "newValues": ["renamed"]}
    ]


def test_creating_and_deleting_are_audited(organization: Organization, partner: RecordingPartner) -> None:
    """Seen by another integration that sends audits."""
    organization.create_sending()
    partner.events.clear()
    other = organization.create(eventSourceSuffix="other")
    organization.must("DELETE", f"/api/v2/integrations/{other}")
    organization.wait_until_sent()
    assert [d["eventBody"]["action"] for d in partner.details(AUDITS)] == ["Create", "Update", "Delete"]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_sample_topic_is_emitted_fresh(
    organization: Organization, partner: RecordingPartner, topic: str
) -> None:
    """Concrete ids in topicName, no placeholder left, nothing shared but what the topic's subject is."""
    organization.create_sending(eventFilter=[topic])
    assert emit(organization, topic, 2)["sent"] == 2
    organization.wait_until_sent()
    first, second = partner.details(topic)[-2:]
    pattern = re.escape(topic).replace(re.escape("{id}"), r"[^.]+")
    assert re.fullmatch(pattern, first["topicName"])
    assert "{id}" not in first["topicName"]
    assert '"$' not in partner.events[-1].detail
    assert first["metadata"]["CorrelationId"] != second["metadata"]["CorrelationId"]
    assert {event.detail_type for event in partner.events} == {topic}


def test_ids_agree_within_one_event(organization: Organization, partner: RecordingPartner) -> None:
    """The conversation of the topic name is the conversation of the body; times are numbers."""
    topic = "v2.detail.events.conversation.{id}.user.end"
    organization.create_sending(eventFilter=[topic])
    emit(organization, topic)
    organization.wait_until_sent()
    (detail,) = partner.details(topic)
    assert UUID.fullmatch(detail["eventBody"]["conversationId"])
    assert detail["topicName"] == topic.replace("{id}", detail["eventBody"]["conversationId"])
    assert isinstance(detail["eventBody"]["eventTime"], int)


def test_set_changes_values_and_picks_the_sample_that_agrees(
    organization: Organization, partner: RecordingPartner
) -> None:
    """Asking for an OAuthClient takes that sample; the topic name follows the body."""
    organization.create_sending()
    emit(organization, AUDITS, eventBody__entityType="OAuthClient", eventBody__entity__id="abc")
    emit(organization, AUDITS, eventBody__propertyChanges__0__newValues=["Away"])
    organization.wait_until_sent()
    oauth, presence = partner.details(AUDITS)[-2:]
    assert oauth["topicName"] == "v2.audits.entitytype.OAuthClient.entityid.abc"
    assert oauth["eventBody"]["action"] == "Delete"
    assert presence["eventBody"]["propertyChanges"][0]["newValues"] == ["Away"]


@pytest.mark.parametrize("path", ["systemPresence", "eventBody.propertyChanges.7.property", "version.a"])
def test_a_set_path_that_leads_nowhere_is_a_400(organization: Organization, path: str) -> None:
    """The path is named."""
    answer = organization.call("POST", "/_sandbox/emit", {"topic": AUDITS, "set": {path: 1}})
    assert (answer.status, path in answer.json()["message"]) == (400, True)


def test_an_unknown_topic_names_close_ones(organization: Organization) -> None:
    """A misspelt topic."""
    answer = organization.call("POST", "/_sandbox/emit", {"topic": "v2.users.{id}.presense"})
    assert (answer.status, PRESENCE in answer.json()["message"]) == (404, True)


def test_a_skipped_emit_says_why(organization: Organization) -> None:
    """No integration; one without the topic; one that is not enabled."""
    assert emit(organization, PRESENCE)["skipped"] == "there is no integration"
    identity = organization.create(eventFilter=[AUDITS])
    assert "eventFilter" in emit(organization, PRESENCE)["skipped"]
    organization.configure(identity, eventFilter=[PRESENCE])
    assert "DISABLED, INACTIVE, source none" in emit(organization, PRESENCE)["skipped"]


def test_many_events_go_in_order_and_in_batches(
    organization: Organization, partner: RecordingPartner
) -> None:
    """PutPartnerEvents takes 20 at most."""
    organization.create_sending(eventFilter=[PRESENCE])
    for number in range(50):
        emit(organization, PRESENCE, eventBody__message=str(number))
    emit(organization, PRESENCE, 45)
    organization.wait_until_sent()
    messages = [detail["eventBody"]["message"] for detail in partner.details(PRESENCE)]
    assert messages[:50] == [str(number) for number in range(50)]
    assert len(messages) == 95
    sizes = [int(call.split()[1]) for call in partner.calls if call.startswith("put")]
    assert max(sizes) == 20


def test_events_outlast_an_outage_and_a_restart(tmp_path: Path, partner: RecordingPartner) -> None:
    """Queued while AWS is down, sent by the next run, each once."""
    with run_organization(tmp_path, partner) as first:
        first.create_sending(eventFilter=[PRESENCE])
        partner.is_down = True
        emit(first, PRESENCE, 30)
        wait_until(lambda: partner.calls.count("put 20") > 1)
        assert first.get("/_sandbox/health")["events"]["waiting"] == 30
    partner.is_down = False
    with run_organization(tmp_path, partner) as second:
        second.wait_until_sent()
        assert second.get("/_sandbox/health")["events"] == {"waiting": 0, "delivered": 30, "rejected": 0}
    correlation_ids = {detail["metadata"]["CorrelationId"] for detail in partner.details(PRESENCE)}
    assert len(correlation_ids) == len(partner.details(PRESENCE)) == 30


def test_refused_events_are_counted_and_do_not_block(
    organization: Organization, partner: RecordingPartner
) -> None:
    """The source was removed behind Genesys's back."""
    organization.create_sending(eventFilter=[PRESENCE])
    partner.sources.clear()
    emit(organization, PRESENCE, 3)
    organization.wait_until_sent()
    assert organization.get("/_sandbox/health")["events"] == {"waiting": 0, "delivered": 0, "rejected": 3}
