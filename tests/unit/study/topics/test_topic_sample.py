"""Sample events are whole, true to the catalogue, the same each time, and agree with recorded ones."""

import json
from datetime import datetime, timezone

import pytest

from gcbridge.errors import UsageError
from gcbridge.model.topic import Topic
from gcbridge.sandbox.genesys.samples import Placeholders, all_samples, fresh_detail
from gcbridge.study.topics.fields import field_at
from gcbridge.study.topics.sample import sample_event, with_values
from gcbridge.workspace.topic_snapshots import read_bundled

TOPICS = read_bundled().topics
PRESENCE = "v2.users.{id}.presence"
KINDS = {
    "string": str,
    "datetime": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "object": dict,
    "map": dict,
    "unknown": object,
}


def values_of(node, path=""):
    """Dotted path -> every value below a node that holds no further values."""
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from values_of(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list) and node:
        for value in node:
            yield from values_of(value, path)
    else:
        yield path, node


def disagreement(topic, path, value):
    """What the catalogue says against a value; empty where they agree."""
    field = field_at(topic, path)
    if field is None:
        return f"{path}: no such field"
    if field.enum and value not in field.enum:
        return f"{path}: {value!r} is none of {field.enum}"
    empty = value in ({}, []) and (field.is_list or field.type in {"object", "map"})
    kind = KINDS[field.type]
    fits = isinstance(value, kind) and isinstance(value, bool) <= (kind in {bool, object})
    return "" if fits or empty else f"{path}: {value!r} is no {field.type}"


@pytest.mark.parametrize("topic", TOPICS, ids=[topic.topic for topic in TOPICS])
def test_every_value_of_a_sample_is_one_that_the_catalogue_knows(topic):
    """All topics of the bundled snapshot, envelope included."""
    event = sample_event(topic)

    assert [text for path, value in values_of(event) if (text := disagreement(topic, path, value))] == []
    assert event["detail-type"] == topic.topic
    assert "{id}" not in event["detail"]["topicName"]
    assert json.loads(json.dumps(event)) == event


@pytest.mark.parametrize("sample", all_samples(), ids=[sample.name for sample in all_samples()])
def test_recorded_events_agree_with_the_catalogue(sample):
    """The sandbox's recorded events have no field, type or value that the catalogue does not know."""
    topic = read_bundled().get(sample.topic)
    moment = datetime(2026, 1, 1, tzinfo=timezone.utc)
    detail = fresh_detail(sample, Placeholders("user", "Ada", "org", moment), {})
    recorded = {"detail": detail}

    assert [text for path, value in values_of(recorded) if (text := disagreement(topic, path, value))] == []


@pytest.mark.parametrize("sample", all_samples(), ids=[sample.name for sample in all_samples()])
def test_a_sample_has_what_a_recorded_event_has(sample):
    """In shape: the same envelope, and every path of the recorded body, but for the keys of maps."""
    topic = read_bundled().get(sample.topic)
    made = sample_event(topic)["detail"]
    paths = {path for path, _ in values_of(made["eventBody"])}
    recorded = {
        path
        for path, _ in values_of(sample.detail["eventBody"])
        if field_at(topic, f"detail.eventBody.{path}").fields == {} and ".attributes." not in f".{path}"
    }

    assert made.keys() == sample.detail.keys()
    assert made["metadata"].keys() == sample.detail["metadata"].keys()
    assert recorded <= paths


@pytest.mark.parametrize(
    ("topic", "path"),
    [
        ("v2.users.{id}.activity", ["id"]),
        ("v2.detail.events.conversation.{id}.acd.end", ["conversationId"]),
        ("v2.conversations.{id}.transcription", ["conversationId"]),
        ("v2.audits.entitytype.{id}.entityid.{id}", ["entityType"]),
        ("v2.audits.entitytype.{id}.entityid.{id}", ["entity", "id"]),
    ],
)
def test_the_topic_name_has_the_ids_of_the_body(topic, path):
    """As real events do."""
    detail = sample_event(read_bundled().get(topic))["detail"]
    value = detail["eventBody"]
    for key in path:
        value = value[key]

    assert value in detail["topicName"].split(".")


def test_the_envelope_is_that_of_the_bridge_it_is_made_for():
    """Who routes a sample can give it the bridge's own source, account and region."""
    event = sample_event(
        read_bundled().get(PRESENCE),
        source="aws.partner/genesys.com/cloud/o/dev",
        account_id="210987654321",
        region="eu-west-1",
        moment=datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=timezone.utc),
    )

    assert event["source"] == "aws.partner/genesys.com/cloud/o/dev"
    assert event["account"] == "210987654321"
    assert event["region"] == "eu-west-1"
    assert event["time"] == "2026-02-03T04:05:06Z"
    assert event["detail"]["timestamp"] == "2026-02-03T04:05:06.789Z"


def test_moments_are_text_or_epoch_milliseconds_as_the_topic_has_them():
    """`eventTime` is ISO 8601 in audits and a number in detail events: the trap that patterns fall into."""
    audit = sample_event(read_bundled().get("v2.audits.entitytype.{id}.entityid.{id}"))
    detail = sample_event(read_bundled().get("v2.detail.events.conversation.{id}.user.end"))

    assert audit["detail"]["eventBody"]["eventTime"] == "2026-01-01T00:00:00.000Z"
    assert detail["detail"]["eventBody"]["eventTime"] == 1767225600000


def test_a_body_that_nobody_knows_is_empty():
    """The envelope is there all the same."""
    event = sample_event(Topic(topic="v2.new.{id}"))

    assert event["detail"]["eventBody"] == {}
    assert event["detail-type"] == "v2.new.{id}"


def test_values_can_be_set():
    """Below `detail`, in objects and in lists; the sample itself stays as it was."""
    event = sample_event(read_bundled().get("v2.audits.entitytype.{id}.entityid.{id}"))
    changed = with_values(
        event,
        {
            "eventBody.action": "Delete",
            "eventBody.propertyChanges.0.property": "notes",
            "eventBody.brandNew.key": [1],
        },
    )

    assert changed["detail"]["eventBody"]["action"] == "Delete"
    assert changed["detail"]["eventBody"]["propertyChanges"][0]["property"] == "notes"
    assert changed["detail"]["eventBody"]["brandNew"] == {"key": [1]}
    assert event["detail"]["eventBody"]["action"] == "View"


@pytest.mark.parametrize("path", ["eventBody.action.below", "eventBody.propertyChanges.9.property"])
def test_a_path_that_leads_nowhere_is_refused(path):
    """Below a plain value, or beyond the end of a list."""
    event = sample_event(read_bundled().get("v2.audits.entitytype.{id}.entityid.{id}"))

    with pytest.raises(UsageError, match=path):
        with_values(event, {path: 1})
