"""People find topics by what they remember of them."""

import pytest

from gcbridge.study.topics.search import search_topics, suggest_topics
from gcbridge.workspace.topic_snapshots import read_bundled

CATALOGUE = read_bundled()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("v2.users.{id}.presense", ["v2.users.{id}.presence"]),
        ("v2.Users.{id}.routingstatus", ["v2.users.{id}.routingStatus"]),
        ("users.{id}.presence", ["v2.users.{id}.presence"]),
        ("v2.users.0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11.presence", ["v2.users.{id}.presence"]),
        (
            "v2.detail.events.conversation.{id}.costumer.end",
            ["v2.detail.events.conversation.{id}.customer.end"],
        ),
        ("nothing like it", []),
    ],
)
def test_topics_that_were_probably_meant(written, meant):
    """The nearest first; far ones are left out, however much of the beginning they share."""
    assert suggest_topics(written, CATALOGUE)[: len(meant) or 1] == meant


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("presence", "v2.users.{id}.presence"),
        ("integrationpres", "v2.users.{id}.integrationpresence"),
        ("USERS routing status", "v2.users.{id}.routingStatus"),
        ("wrap-ups", "v2.detail.events.conversation.{id}.acw"),
        ("propertyChanges", "v2.audits.entitytype.{id}.entityid.{id}"),
    ],
)
def test_search_looks_into_names_descriptions_and_fields(text, first):
    """Whole parts of a name come first, then parts of parts, then what stands elsewhere."""
    assert search_topics(text, CATALOGUE)[0].topic == first


def test_every_word_must_be_there():
    """More words find less."""
    assert search_topics("presence nowhere", CATALOGUE) == []
    assert len(search_topics("", CATALOGUE)) == len(CATALOGUE.topics)
