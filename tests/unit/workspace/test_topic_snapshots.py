"""Topic catalogues: the bundled one, and the one that an organization gave, laid over it."""

import json
import re
from pathlib import Path

import pytest

from gcbridge.errors import EnvironmentInvalidError, GcbridgeError
from gcbridge.model.topic import Topic, TopicCatalogue, TopicField
from gcbridge.study.topics.snapshot import decode_catalogue, encode_catalogue
from gcbridge.workflows.environment import load_environment
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import read_bundled, read_catalogue, write_organization_topics

ROOT = Path(__file__).parents[3]
PRESENCE = "v2.users.{id}.presence"
NEW = "v2.brand.{id}.new"
ORGANIZATION = TopicCatalogue(
    topics=(
        Topic(
            topic=NEW,
            transports=("EventBridge",),
            permissions=("a:b:c",),
            fields={"moods": TopicField(type="string", enum=("GOOD", "BAD"), is_list=True)},
            source="organization",
        ),
        Topic(
            topic=PRESENCE, description="Presence", transports=("All",), permissions=(), source="organization"
        ),
    ),
    taken_at="2026-05-06T07:08:09+00:00",
    origin="organization Acme (o-1)",
    asked=True,
)


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "environments").mkdir()
    return Workspace(tmp_path)


def write_environment(workspace, *topics):
    listed = "".join(f"    - {topic}\n" for topic in topics)
    (workspace.environments / "dev.yaml").write_text(
        "genesys:\n  region: eu-central-1\n  event_source_suffix: dev\n  topics:\n"
        f"{listed}"
        "aws: {region: eu-central-1}\nrules:\n  all: {targets: [queue]}\ntargets:\n  queue: {type: sqs}\n"
    )


def test_the_bundled_snapshot():
    """Topics in order, with the bodies of all but four; whose transports nobody has told."""
    bundled = read_bundled()

    assert len(bundled.topics) == 241
    assert bundled.names() == sorted(bundled.names())
    assert sum(topic.fields is None for topic in bundled.topics) == 4
    assert {topic.eventbridge for topic in bundled.topics} == {None}
    assert sum(topic.seen_over_eventbridge for topic in bundled.topics) == 26
    assert "269.0.0" in bundled.origin


def test_what_is_written_is_read_again():
    """Both for the bundled snapshot and for an organization's."""
    for catalogue, source in ((read_bundled(), "bundled"), (ORGANIZATION, "organization")):
        text = json.dumps(encode_catalogue(catalogue))
        assert decode_catalogue(json.loads(text), source) == catalogue


def test_an_organization_s_topics_are_laid_over_the_bundled_ones(workspace):
    """What it tells counts; fields that it leaves out stay known; topics that it does not list stay."""
    path = write_organization_topics(workspace, "dev", ORGANIZATION)
    catalogue = read_catalogue(workspace, "dev")
    presence = catalogue.get(PRESENCE)

    assert path == workspace.environments / "dev.topics.json"
    assert presence.eventbridge is True
    assert presence.description == "Presence"
    assert presence.fields == read_bundled().get(PRESENCE).fields
    assert catalogue.get(NEW).fields == ORGANIZATION.topics[0].fields
    assert catalogue.get("v2.users.{id}.station").source == "bundled"
    assert catalogue.asked
    assert catalogue.taken_at == ORGANIZATION.taken_at


def test_without_a_refresh_there_is_only_the_bundled_snapshot(workspace):
    """And another environment's refresh counts for that one only."""
    write_organization_topics(workspace, "prod", ORGANIZATION)

    assert read_catalogue(workspace) is read_bundled()
    assert read_catalogue(workspace, "dev") is read_bundled()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        '{"format": 2}',
        '{"format": 1, "taken_at": "", "origin": "", "enums": [], "models": {}, "topics": [{"topic": 3}]}',
        '{"format": 1, "taken_at": "", "origin": "", "enums": [], "models": {}, "topics": [{"topic": "t", "body": {"a": "m9"}}]}',
        '{"format": 1, "taken_at": "", "origin": "", "enums": [], "models": {}, "topics": [{"topic": "t", "body": {"a": "string#7"}}]}',
        '{"format": 1, "taken_at": "", "origin": "", "enums": [], "models": {"m1": {"a": "m1"}}, "topics": [{"topic": "t", "body": {"a": "m1"}}]}',
        "\udcff",
        pytest.param("[" * 100_000, id="nested too deeply"),
    ],
)
def test_a_damaged_file_says_where_it_is_and_what_to_type(workspace, text):
    """Whatever is wrong with it; the environment is not judged by half a catalogue."""
    (workspace.environments / "dev.topics.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    write_environment(workspace, PRESENCE)

    with pytest.raises(GcbridgeError) as caught:
        load_environment(workspace, "dev")

    assert caught.value.where == "environments/dev.topics.json"
    assert caught.value.hint == "remove the file, then type gcbridge topics refresh dev"


def test_a_new_topic_is_known_once_the_organization_listed_it(workspace):
    """Before that it is refused, and the message says how to ask."""
    write_environment(workspace, PRESENCE, NEW)
    with pytest.raises(EnvironmentInvalidError, match="1 problem") as caught:
        load_environment(workspace, "dev")
    write_organization_topics(workspace, "dev", ORGANIZATION)

    assert "environments/dev.yaml:6: genesys.topics[1]" in caught.value.detail
    assert "gcbridge topics refresh dev" in caught.value.detail
    assert load_environment(workspace, "dev").spec.genesys.topics == (PRESENCE, NEW)


def test_an_environment_with_an_unknown_topic_can_be_loaded_to_ask_for_it(workspace):
    """Otherwise nobody could ever refresh."""
    write_environment(workspace, NEW)

    assert load_environment(workspace, "dev", any_topic=True).spec.genesys.topics == (NEW,)


UNFINISHED = {
    "v2.detail.events.conversation.{id}",
    "v2.users.{id}.presense",
    "v2.users.{id}",
    "v2.audits.entitytype.UserPresence.entityid.{id}",
}
"""Beginnings of topics (of several in one, too), one with an id in a hole, and mistakes that a page shows."""
SHOWN = ("README.md", "docs/*.md", "environments/*.yaml", "tests/golden/*/environment.yaml", "scripts/*.py")


@pytest.mark.parametrize("pattern", SHOWN)
def test_topics_that_are_shown_exist(pattern):
    """A topic that people copy from documentation and examples is one that Genesys Cloud has."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob(pattern))
    named = set(re.findall(r"\bv2(?:\.(?:[A-Za-z]+|\{id\}))+", text))
    whole = {name for name in named if "{id}" in name} - UNFINISHED

    assert whole
    assert whole - set(read_bundled().names()) == set()
