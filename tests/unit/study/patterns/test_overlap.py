"""overlap: whether one event can match two patterns, and an event that does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_traffic import FREE_BODIES, THINGS, TOPIC, TRUE_BODIES, matches, patterns

from gcbridge.routing import Router, parse_pattern
from gcbridge.study.patterns.event_shape import topic_shape
from gcbridge.study.patterns.example import example_event, example_of_both
from gcbridge.study.patterns.overlap import overlap
from gcbridge.study.patterns.satisfiable import possible_branches

SHAPE = topic_shape(THINGS)


def body(**fields):
    """A pattern below detail.eventBody; `a__b` stands for the path a.b."""
    return {"detail": {"eventBody": {key.replace("__", "."): value for key, value in fields.items()}}}


def says(one, other, shape=None):
    return overlap(parse_pattern(one), parse_pattern(other), shape)


def example_of(one, other):
    """An event of THINGS that matches both."""
    return example_of_both(
        possible_branches(parse_pattern(one), SHAPE), possible_branches(parse_pattern(other), SHAPE), SHAPE
    )


ABSENT, PRESENT = [{"exists": False}], [{"exists": True}]

APART = [
    ({"detail-type": ["v2.a"]}, {"detail-type": ["v2.b"]}),
    ({"detail-type": [{"prefix": "v2.users."}]}, {"detail-type": [{"prefix": "v2.audits."}]}),
    ({"detail-type": ["v2.a"]}, {"detail-type": [{"anything-but": ["v2.a"]}]}),
    ({"account": ["1"]}, {"account": ["2"], **body(x=["a"])}),
    (body(x=ABSENT), body(x=["a"])),
    (body(x=ABSENT, y=["a"]), body(x=PRESENT, y=["b"])),
]


@pytest.mark.parametrize(("one", "other"), APART, ids=str)
def test_no_event_matches_both(one, other):
    assert not says(one, other)
    assert not says(other, one)


TOGETHER = [
    (body(x=["a"]), body(x=["b"])),
    (body(x=["a"]), body(y=["b"])),
    (body(n__p=["a"], n__x=ABSENT), body(n__x=PRESENT)),
    ({"detail-type": ["v2.a", "v2.b"]}, {"detail-type": [{"suffix": "b"}]}),
    ({"resources": ["a"]}, {"resources": ["b"]}),
]


@pytest.mark.parametrize(("one", "other"), TOGETHER, ids=str)
def test_one_event_may_match_both(one, other):
    """Where nothing is known of a field it may be a list, and a list satisfies two exact values at once."""
    assert says(one, other)


OF_ONE_TOPIC = [
    (body(x=["a"]), body(x=["b"]), False),  # one text
    (body(s=["a"]), body(s=["b"]), True),  # a list of texts
    (body(n__p=["a"]), body(n__p=["b"]), True),  # a list of objects
    (body(o__u=["a"]), body(o__u=["b"]), False),  # one object
    (body(x=ABSENT), body(x=["a"]), False),
    (body(s=ABSENT), body(s=["a"]), False),  # a list without values has none at all
    (body(n__q=ABSENT), body(n__q=["a"]), False),  # absent from every element
    (body(n__p=["b"], n__q=ABSENT), body(n__q=["a"]), True),  # absent from the one where p is b
    (body(y=[{"numeric": ["<", 1]}]), body(y=[{"numeric": [">", 1]}]), False),
    (body(n__p=["a"], n__q=["b"]), body(n__p=["b"], n__q=["a"]), True),
    (body(x=["a"], n__q=["b"]), body(x=["b"], n__q=["a"]), False),
]


@pytest.mark.parametrize(("one", "other", "together"), OF_ONE_TOPIC, ids=str)
def test_the_topic_decides_where_lists_can_be(one, other, together):
    assert says(one, other, SHAPE) is together


@pytest.mark.parametrize(("one", "other"), [pair[:2] for pair in OF_ONE_TOPIC if pair[2]], ids=str)
def test_an_example_is_given_that_the_engine_confirms(one, other):
    event = example_of(one, other)

    assert event is not None
    assert event["detail-type"] == TOPIC
    assert Router({"one": one, "other": other}).match(event) == ("one", "other")


def test_no_example_is_given_that_needs_a_list_where_none_is_known():
    """It may be a list; nobody knows. The pair overlaps possibly, not certainly."""
    branches = [parse_pattern(body(z=[value])).branches for value in ("a", "b")]

    assert example_of_both(*branches, topic_shape(THINGS.model_copy(update={"fields": None}))) is None


def test_an_example_is_small_and_true_to_the_topic():
    pattern = body(n__p=[{"prefix": "a"}], y=[{"numeric": [">", 5]}], x=ABSENT)

    assert example_event(parse_pattern(pattern), SHAPE)["detail"] == {
        "topicName": "v2.things.00000000-0000-4000-8000-000000000000.changed",
        "eventBody": {"n": [{"p": "a"}], "y": 6},
    }


def test_nothing_is_made_up_for_a_pattern_that_nothing_matches():
    assert example_event(parse_pattern(body(y=["text"])), SHAPE) is None


@settings(deadline=None, max_examples=300)
@given(patterns(), patterns(), st.lists(FREE_BODIES, min_size=5, max_size=15))
def test_where_none_overlap_no_event_matches_both(one, other, bodies):
    if not says(one, other):
        assert not any(matches(one, each) and matches(other, each) for each in bodies)


@settings(deadline=None, max_examples=300)
@given(patterns(), patterns(), st.lists(TRUE_BODIES, min_size=5, max_size=15))
def test_where_none_overlap_in_a_topic_none_of_its_events_matches_both(one, other, bodies):
    if not says(one, other, SHAPE):
        assert not any(matches(one, each) and matches(other, each) for each in bodies)


@settings(deadline=None, max_examples=200)
@given(patterns(), patterns())
def test_an_example_matches_whenever_there_is_one(one, other):
    """And where the two are said to be apart there is none."""
    event = example_of(one, other)

    assert event is None or (says(one, other, SHAPE) and matches(one, event) and matches(other, event))
    alone = example_event(parse_pattern(one))
    assert alone is None or matches(one, alone)
