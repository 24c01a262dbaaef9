"""What is advised can be written: with ids and regions, each fragment is a valid environment."""

import pytest
from ruamel.yaml import YAML

from gcbridge.model.advice import Need
from gcbridge.study.advice.advise import advise
from gcbridge.study.advice.blueprint import blueprint_files
from gcbridge.study.resolve import resolve
from gcbridge.study.validate import validate_environment
from gcbridge.workspace.topic_snapshots import read_bundled

OWN = {
    "genesys": {
        "region": "eu-central-1",
        "event_source_suffix": "dev",
        "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
    },
    "aws": {"region": "eu-central-1", "account_id": "123456789012"},
}
TOPICS = ("v2.users.{id}.presence", "v2.detail.events.conversation.{id}.acd.end")
AWKWARD = (
    "v2.users.{id}.conversations.recordings",
    "v2.users.{id}.conversations.{id}.recordings",
    "v2.users.{id}.workforcemanagement.performanceprediction.schedules.recalculations",
)
NEEDS = {
    "a screen": Need(consumer="ui"),
    "a screen, two topics": Need(consumer="ui", topics=TOPICS),
    "a backend": Need(consumer="backend"),
    "a backend that keeps all": Need(consumer="backend", durability="keep_all", topics=TOPICS),
    "a backend with many events": Need(consumer="backend", events_per_second=500),
    "a workflow": Need(consumer="genesys"),
    "two workflows": Need(consumer="genesys", topics=TOPICS),
    "a topic said twice": Need(consumer="genesys", topics=(TOPICS[0], TOPICS[0])),
    "topics with long names, or with one and the same": Need(consumer="genesys", topics=AWKWARD),
}


def read(text):
    return YAML(typ="safe").load(text)


@pytest.mark.parametrize("need", NEEDS.values(), ids=NEEDS)
def test_the_fragment_makes_a_bridge(need):
    said = read(advise(need, read_bundled()).fragment)
    whole = {**OWN, **said, "genesys": {**OWN["genesys"], **said["genesys"]}}
    bridge = resolve("dev", validate_environment("dev", whole, {}))
    assert bridge.integration.topics == tuple(sorted(set(need.topics) or TOPICS[:1]))
    started = bridge.integration.topics if need.consumer == "genesys" else ()
    assert tuple(sorted(trigger.topic for trigger in bridge.triggers)) == started


@pytest.mark.parametrize(
    ("need", "type_", "archived"),
    [
        (NEEDS["a backend"], "sqs", False),
        (NEEDS["a backend that keeps all"], "sqs", True),
        (NEEDS["a backend with many events"], "kinesis", False),
    ],
)
def test_what_a_backend_gets(need, type_, archived):
    said = read(advise(need, read_bundled()).fragment)
    assert said["targets"]["consumer"]["type"] == type_
    assert ("archive" in said) is archived


def test_a_blueprint_asks_for_each_workflow():
    files = blueprint_files(advise(NEEDS["two workflows"], read_bundled()))
    asked = [question["path"] for question in read(files["blueprint.yaml"])["asks"]]
    assert asked == [
        "triggers.users-presence.workflow",
        "triggers.detail-events-conversation-acd-end.workflow",
    ]
    triggers = read(files["environment.yaml"])["triggers"]
    assert [trigger.get("workflow") for trigger in triggers.values()] == [None, None]


def test_a_blueprint_of_a_bus_asks_for_nothing():
    files = blueprint_files(advise(NEEDS["a backend"], read_bundled()))
    assert sorted(files) == ["README.md", "blueprint.yaml", "environment.yaml"]
    assert "asks" not in read(files["blueprint.yaml"])


def test_where_nothing_fits_there_is_nothing_to_write():
    need = Need(consumer="backend", durability="keep_all", aws_account=False)
    assert blueprint_files(advise(need, read_bundled())) == {}
