"""Templates become topics of every object, or say what to write instead."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.study.notifications.expansion import LISTED, OBJECT_KINDS, expand, is_template, kinds_of
from gcbridge.workspace.topic_snapshots import read_bundled

IDS = {"users": ["u1", "u2"], "queues": ["q1"], "flows": [], "contact lists": ["c1", "c2"]}


@pytest.mark.parametrize(
    ("topic", "topics"),
    [
        ("v2.users.{id}.presence", ["v2.users.u1.presence", "v2.users.u2.presence"]),
        ("v2.routing.queues.{id}.users", ["v2.routing.queues.q1.users"]),
        ("v2.flows.{id}", []),
        ("v2.outbound.settings", ["v2.outbound.settings"]),
        ("v2.users.u9.presence", ["v2.users.u9.presence"]),
        (
            "v2.users.{id}.outbound.contactlists.{id}.export",
            [
                f"v2.users.{user}.outbound.contactlists.{contacts}.export"
                for user in ("u1", "u2")
                for contacts in ("c1", "c2")
            ],
        ),
        (
            "v2.audits.entitytype.UserPresence.entityid.{id}",
            [
                "v2.audits.entitytype.UserPresence.entityid.u1",
                "v2.audits.entitytype.UserPresence.entityid.u2",
            ],
        ),
    ],
)
def test_expansion(topic, topics):
    """Two holes make every pair; what has no hole stays."""
    assert list(expand(topic, IDS.__getitem__)) == topics


@pytest.mark.parametrize(
    ("topic", "way_out"),
    [
        ("v2.conversations.{id}.transcription", "give the ids: v2.conversations.<id>.transcription"),
        ("v2.externalcontacts.contacts.{id}.notes.{id}", "v2.externalcontacts.contacts.<id>.notes.<id>"),
        ("v2.users.{id}.conversations.{id}.recordings", "v2.users.<id>.conversations.<id>.recordings"),
        ("v2.something.new.{id}", "give the ids: v2.something.new.<id>"),
    ],
)
def test_what_cannot_be_listed_says_what_to_write(topic, way_out):
    """Conversations come and go; of unknown kinds of objects no listing is known."""
    with pytest.raises(UsageError, match="cannot be expanded") as caught:
        kinds_of(topic)
    assert way_out in caught.value.hint
    assert caught.value.detail


def test_conversations_point_to_topics_that_work():
    """Whoever asks for all conversations can have them another way."""
    with pytest.raises(UsageError) as caught:
        kinds_of("v2.detail.events.conversation.{id}.acd.start")
    assert "v2.routing.queues.{id}.conversations" in caught.value.detail


def test_audits_of_all_objects_of_a_kind_are_possible():
    """Of all kinds they are not, and the reason says how to write one."""
    with pytest.raises(UsageError) as caught:
        kinds_of("v2.audits.entitytype.{id}.entityid.{id}")
    assert kinds_of("v2.audits.entitytype.Queue.entityid.{id}") == ("queues",)
    assert "v2.audits.entitytype.Queue.entityid.{id}" in caught.value.detail


def test_templates_are_told_from_topics():
    """A hole is a word of its own."""
    assert is_template("v2.flows.{id}")
    assert not is_template("v2.outbound.settings")


def catalogue_templates():
    return [
        topic for topic in read_bundled().names() if is_template(topic) and not topic.startswith("v2.system.")
    ]


def is_expandable(topic):
    try:
        kinds_of(topic)
    except UsageError:
        return False
    return True


def test_most_topics_of_the_catalogue_can_be_expanded():
    """All of users, queues and campaigns; the figure is to notice when the table falls behind."""
    expandable = [topic for topic in catalogue_templates() if is_expandable(topic)]

    assert len(expandable) > len(catalogue_templates()) * 0.6
    single = [topic for topic in catalogue_templates() if topic.count("{id}") == 1]
    for root in ("v2.users.", "v2.routing.queues.", "v2.outbound.campaigns."):
        assert [topic for topic in single if topic.startswith(root) and topic not in expandable] == []


def test_every_place_of_the_table_is_of_the_catalogue():
    """A word that is misspelled here would never fit."""
    names = [topic.split(".") for topic in read_bundled().names()]

    def fits(place):
        words = place.split(".")
        return any(
            len(name) > len(words)
            and name[len(words)] == "{id}"
            and all(have in (word, "{id}") for have, word in zip(name, words, strict=False))
            for name in names
        )

    assert [place for place in LISTED if not fits(place)] == []
    assert set(LISTED.values()) <= set(OBJECT_KINDS)
