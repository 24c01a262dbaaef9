"""The emulated organization's topics, over HTTP, through the real SDK, and as `topics refresh` keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from genesys_organization import CLIENT_ID, CLIENT_SECRET, Organization, RecordingPartner

from gcbridge.errors import EnvironmentInvalidError, GenesysError, RefusedError
from gcbridge.model.topic import TopicField
from gcbridge.study.topics.sample import sample_event
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.topics import refresh_topics
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import read_bundled, read_catalogue

TOPICS = "/api/v2/notifications/availabletopics"
NEW = "v2.sandbox.greetings.{id}"
STATION = "v2.users.{id}.station"
METRICS = "v2.analytics.conversation.{id}.metrics"


def test_topics_have_what_was_asked_for(organization: Organization) -> None:
    """Nothing but the id without `expand`; the SDKs separate by commas or repeat."""
    bare = organization.get(TOPICS)["entities"]
    comma = organization.get(f"{TOPICS}?expand=transports,description")["entities"][0]
    repeated = organization.get(f"{TOPICS}?expand=transports&expand=description")["entities"][0]

    assert {frozenset(topic) for topic in bare} == {frozenset({"id", "selfUri"})}
    assert comma == repeated
    assert comma.keys() == {"id", "selfUri", "transports", "description"}


def test_previews_can_be_left_out(organization: Organization) -> None:
    """They are in by default, as the SDKs' documentation says."""
    assert NEW in {topic["id"] for topic in organization.get(TOPICS)["entities"]}
    without = organization.get(f"{TOPICS}?includePreview=false")["entities"]

    assert NEW not in {topic["id"] for topic in without}


def test_what_cannot_be_expanded_is_a_400(organization: Organization) -> None:
    """The message names it."""
    answer = organization.call("GET", f"{TOPICS}?expand=transport")

    assert (answer.status, "transport cannot be expanded" in answer.json()["message"]) == (400, True)


def test_topics_need_a_token(organization: Organization) -> None:
    """But no permission."""
    assert organization.call("GET", TOPICS, Authorization="Bearer nobody").status == 401


@pytest.fixture
def rooms(tmp_path: Path, organization: Organization) -> Rooms:
    """A workspace with an environment of this organization, which subscribes to a topic that gcbridge does not know."""
    write_environment(tmp_path, organization, NEW)
    environ = {"GENESYSCLOUD_OAUTHCLIENT_ID": CLIENT_ID, "GENESYSCLOUD_OAUTHCLIENT_SECRET": CLIENT_SECRET}
    return Rooms(Workspace(tmp_path), environ)


def write_environment(root: Path, organization: Organization, topic: str, org_id: str = "") -> None:
    (root / "environments").mkdir(exist_ok=True)
    identity = f', org_id: "{org_id}"' if org_id else ""
    (root / "environments" / "dev.yaml").write_text(
        f'genesys: {{region: eu-central-1, base_url: "{organization.url}", event_source_suffix: dev{identity},\n'
        f'  topics: ["{topic}"]}}\n'
        "aws: {region: eu-central-1}\nrules:\n  all: {targets: [queue]}\ntargets:\n  queue: {type: sqs}\n"
    )


def refresh(rooms: Rooms) -> Any:
    return refresh_topics(rooms, load_environment(rooms.workspace, "dev", any_topic=True))


def test_a_refresh_makes_a_new_topic_known(rooms: Rooms) -> None:
    """An environment that was refused before is valid afterwards, and the body is known too."""
    with pytest.raises(EnvironmentInvalidError, match="1 problem"):
        load_environment(rooms.workspace, "dev")
    done = refresh(rooms)
    topic = read_catalogue(rooms.workspace, "dev").get(NEW)

    assert load_environment(rooms.workspace, "dev").spec.genesys.topics == (NEW,)
    assert (done.file, done.new, done.topics) == ("environments/dev.topics.json", (NEW,), 34)
    assert STATION not in done.not_listed
    assert "v2.flows.{id}" in done.not_listed
    assert topic is not None
    assert topic.fields is not None
    assert topic.fields["mood"] == TopicField(type="string", enum=("CHEERFUL", "FORMAL"))
    assert topic.fields["greeted"].fields == {
        "id": TopicField(type="string"),
        "name": TopicField(type="string"),
    }


def test_a_topic_that_does_not_travel_over_eventbridge_is_refused(
    rooms: Rooms, organization: Organization
) -> None:
    """Once the organization has said so; before, nobody knows."""
    write_environment(rooms.workspace.root, organization, STATION)
    load_environment(rooms.workspace, "dev")
    refresh(rooms)

    with pytest.raises(EnvironmentInvalidError) as caught:
        load_environment(rooms.workspace, "dev")
    assert f"{STATION} does not travel over EventBridge (its transports: Websocket)" in caught.value.detail


def test_a_refresh_repeats_to_the_byte_but_for_its_time(rooms: Rooms) -> None:
    """So that a repository shows what has changed in the organization."""
    file = rooms.workspace.environments / "dev.topics.json"
    texts = []
    for _ in range(2):
        refresh(rooms)
        texts.append([line for line in file.read_text().splitlines() if '"taken_at"' not in line])

    assert texts[0] == texts[1]


def test_topics_of_another_organization_are_not_kept(rooms: Rooms, organization: Organization) -> None:
    """The credentials decide whom is asked, so they must belong to whom the environment names."""
    write_environment(rooms.workspace.root, organization, STATION, "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11")
    with pytest.raises(RefusedError):
        refresh(rooms)

    assert not (rooms.workspace.environments / "dev.topics.json").exists()


def test_a_refused_refresh_keeps_the_old_topics(rooms: Rooms, organization: Organization) -> None:
    """What was known stays known."""
    refresh(rooms)
    fault = {"fail_next": {"method": "GET", "path": TOPICS, "status": 403, "count": 1}}
    organization.must("POST", "/_sandbox/faults", fault)

    with pytest.raises(GenesysError):
        refresh(rooms)
    assert load_environment(rooms.workspace, "dev").spec.genesys.topics == (NEW,)


def test_a_topic_without_a_recorded_sample_is_emitted_from_the_detail_it_is_given(
    organization: Organization, partner: RecordingPartner
) -> None:
    """With a correlation id and times of its own each time, and with what was set."""
    topic = read_bundled().get("v2.detail.events.conversation.{id}.acw")
    assert topic is not None
    given = sample_event(topic)["detail"]
    organization.create_sending(eventFilter=[topic.topic])
    body = {"topic": topic.topic, "count": 2, "detail": given, "set": {"eventBody.mediaType": "CHAT"}}
    answer = organization.must("POST", "/_sandbox/emit", body)
    organization.wait_until_sent()
    first, second = partner.details(topic.topic)

    assert answer["sent"] == 2
    assert first["topicName"] == given["topicName"]
    assert first["eventBody"].keys() == given["eventBody"].keys()
    assert first["eventBody"]["mediaType"] == "CHAT"
    assert first["eventBody"]["eventTime"] > given["eventBody"]["eventTime"]
    assert first["metadata"] != second["metadata"]


def test_a_recorded_sample_wins_over_the_detail_that_is_given(
    organization: Organization, partner: RecordingPartner
) -> None:
    """It is nearer to what the organization really sends."""
    topic = "v2.users.{id}.presence"
    organization.create_sending(eventFilter=[topic])
    organization.must("POST", "/_sandbox/emit", {"topic": topic, "detail": {"eventBody": {"made": "up"}}})
    organization.wait_until_sent()

    assert "made" not in partner.details(topic)[0]["eventBody"]
