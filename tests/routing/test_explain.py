"""Why a rule does not match, in words that say what to change."""

import json

import pytest

from gcbridge.routing import Router

PRESENCE = {
    "source": "aws.partner/genesys.com/cloud/0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11/dev",
    "detail-type": "v2.users.{id}.presence",
    "detail": {
        "topicName": "v2.users.{id}.presence",
        "eventBody": {
            "source": "PURECLOUD",
            "presenceDefinition": {
                "id": "31fe3bac-dea6-44b7-bed7-47f91660a1a0",
                "systemPresence": "Available",
            },
            "count": 5,
            "secondary": True,
            "wrapUp": None,
            "divisions": ["sales", "service"],
            "calls": [],
            "participants": [
                {"purpose": "agent", "sessions": [{"media": "voice", "held": False}]},
                {"purpose": "customer", "sessions": [{"media": "chat", "held": True}]},
            ],
        },
    },
}


def body(**fields):
    return {"detail": {"eventBody": fields}}


MISSES = {
    "a misspelt field": (
        body(presenceDefinition={"systemPresense": ["Available"]}),
        "the event has no such field; it has detail.eventBody.presenceDefinition.systemPresence",
    ),
    "a field one level too high": (
        {"detail": {"presenceDefinition": {"systemPresence": ["Available"]}}},
        "the event has no such field; it has detail.eventBody.presenceDefinition.systemPresence",
    ),
    "a field that is nowhere": (body(zzz=["x"]), "the event has no such field"),
    "an object instead of a value": (
        body(presenceDefinition=[{"exists": True}]),
        "is an object here, and patterns look at values: id, systemPresence",
    ),
    "objects instead of values": (
        body(participants=["agent"]),
        "holds objects here, and patterns look at values",
    ),
    "an empty array": (body(calls=[{"exists": True}]), "is an empty array here"),
    "another case": (
        body(presenceDefinition={"systemPresence": ["AVAILABLE"]}),
        '"Available" differs only in upper and lower case',
    ),
    "another case of a beginning": (
        body(source=[{"prefix": "pure"}]),
        '"PURECLOUD" differs only in upper and lower case',
    ),
    "another case of a wildcard": (
        body(source=[{"wildcard": "p*cloud"}]),
        '"PURECLOUD" differs only in upper and lower case',
    ),
    "a space too many": (body(source=["PURECLOUD "]), '"PURECLOUD" differs only in spaces at an end'),
    "the vendor instead of the whole source": (
        {"source": ["aws.partner/genesys.com"]},
        f'"{PRESENCE["source"]}" goes on after "aws.partner/genesys.com"',
    ),
    "a number as a text": (
        body(count=["5"]),
        'the event has the number 5, the pattern wants the text "5"',
    ),
    "a literal as a text": (
        body(secondary=["true"]),
        'the event has the literal true, the pattern wants the text "true"',
    ),
    "a range of numbers on a text": (body(source=[{"numeric": [">", 0]}]), '"PURECLOUD" is no number'),
    "a number below the range": (body(count=[{"numeric": [">", 5, "<", 9]}]), "5 is too small"),
    "a number above the range": (body(count=[{"numeric": ["<=", 4]}]), "5 is too large"),
    "a beginning asked of a number": (body(count=[{"prefix": "5"}]), "5 is no text"),
    "an excluded value": (body(source=[{"anything-but": "PURECLOUD"}]), '"PURECLOUD" is excluded'),
    "a field that should be absent": (body(source=[{"exists": False}]), "the event has this field"),
    "nearly the same text": (body(source=["PURECLOUDS"]), '"PURECLOUD" is close to "PURECLOUDS"'),
    "something else": (
        body(divisions=["hr", {"prefix": "x"}]),
        '"sales", "service" is not "hr" or {"prefix":"x"}',
    ),
}


@pytest.mark.parametrize(("pattern", "miss"), MISSES.values(), ids=MISSES.keys())
def test_a_miss_says_what_was_there(pattern, miss):
    explanation = Router({"rule": pattern}).explain(PRESENCE, "rule")

    assert not explanation.matched
    assert [field.nearest_miss for field in explanation.misses] == [miss]


def test_every_field_has_a_verdict():
    """Fields that match stand beside the one that does not, each with what was wanted and found."""
    pattern = {"detail-type": [{"prefix": "v2.users."}], **body(divisions=["hr"])}

    explanation = Router({"rule": pattern}).explain(PRESENCE, "rule")

    assert [(field.path, field.matched, field.found) for field in explanation.fields] == [
        ("detail-type", True, ("v2.users.{id}.presence",)),
        ("detail.eventBody.divisions", False, ("sales", "service")),
    ]
    assert explanation.fields[0].wanted == ('{"prefix":"v2.users."}',)


def test_fields_of_two_array_elements_do_not_add_up():
    """Each field fits, but an agent with a chat is nobody in this event."""
    pattern = body(participants={"purpose": ["agent"], "sessions": {"media": ["chat"]}})

    explanation = Router({"rule": pattern}).explain(PRESENCE, "rule")

    assert not explanation.matched
    (miss,) = explanation.misses
    assert miss.path == "detail.eventBody.participants.sessions.media"
    assert miss.nearest_miss == "fits, but only in another element of the array than the fields before it"


def test_of_alternatives_the_nearest_is_explained():
    """With `$or`, the alternative with the fewest misses says most."""
    pattern = {
        "$or": [
            body(source=["x"], count=[1]),
            body(source=["PURECLOUD"], count=[6]),
        ]
    }

    explanation = Router({"rule": pattern}).explain(PRESENCE, "rule")

    assert explanation.alternatives == 2
    assert [field.path for field in explanation.misses] == ["detail.eventBody.count"]


def test_a_match_is_explained_too():
    explanation = Router({"rule": body(count=[5])}).explain(PRESENCE, "rule")

    assert explanation.matched
    assert explanation.misses == ()


OPERATORS = [
    '"text"',
    "5",
    "5.5",
    "true",
    "null",
    '"10.0.0.1"',
    '{"prefix":"a"}',
    '{"prefix":{"equals-ignore-case":"a"}}',
    '{"suffix":"a"}',
    '{"suffix":{"equals-ignore-case":"a"}}',
    '{"equals-ignore-case":"a"}',
    '{"wildcard":"a*\\\\*b"}',
    '{"cidr":"10.0.0.0/8"}',
    '{"exists":false}',
    '{"numeric":[">",0,"<=",5]}',
    '{"numeric":["<",0]}',
    '{"anything-but":"a"}',
    '{"anything-but":[1,2]}',
    '{"anything-but":{"prefix":["a","b"]}}',
    '{"anything-but":{"wildcard":"*a"}}',
]


@pytest.mark.parametrize("text", OPERATORS)
def test_what_was_wanted_is_written_as_in_the_pattern(text):
    """Nobody has to translate an explanation back into a pattern."""
    explanation = Router({"rule": {"field": [json.loads(text)]}}).explain({}, "rule")

    assert explanation.fields[0].wanted == (text,)
