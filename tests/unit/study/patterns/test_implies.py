"""implies: every event that the narrow pattern matches, the wide one matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_traffic import FREE_BODIES, THINGS, TRUE_BODIES, matches, patterns

from gcbridge.routing import parse_pattern
from gcbridge.study.patterns.event_shape import topic_shape
from gcbridge.study.patterns.implies import implies

SHAPE = topic_shape(THINGS)


def body(**fields):
    """A pattern below detail.eventBody; `a__b` stands for the path a.b."""
    return {"detail": {"eventBody": {key.replace("__", "."): value for key, value in fields.items()}}}


def says(narrow, wide, shape=None):
    return implies(parse_pattern(narrow), parse_pattern(wide), shape)


ABSENT = [{"exists": False}]

IMPLIED = [
    (body(x=["a"]), body(x=["a", "b"])),
    (body(x=["abc"]), body(x=[{"prefix": "a"}])),
    (body(x=["a"], y=[1]), body(x=["a"])),
    ({**body(x=["a"]), "detail-type": ["v2.t"]}, body(x=["a"])),
    ({"detail-type": ["v2.t"]}, {"detail-type": [{"prefix": "v2."}]}),
    ({"detail-type": ["v2.t"]}, {"source": [{"exists": True}]}),
    (body(x=["a"]), {"detail": {"eventBody": {"$or": [{"x": ["a"]}, {"y": [1]}]}}}),
    ({"detail": {"eventBody": {"$or": [{"x": ["a"]}, {"x": ["b"], "y": [1]}]}}}, body(x=["a", "b"])),
    (body(x=["a", "b"]), {"detail": {"eventBody": {"$or": [{"x": ["a"]}, {"x": ["b"]}]}}}),
    (body(x=ABSENT), body(x=ABSENT)),
    (body(x=["a", {"exists": False}]), body(x=[{"prefix": "a"}, {"exists": False}])),
    (body(n__p=["a"], n__q=["b"]), body(n__q=["b"])),
    ({"detail": {"type": ABSENT, "x": ["a"]}}, {"detail": {"type": ABSENT}}),
    ({"detail-type": [{"exists": False}]}, body(x=["a"])),
]


@pytest.mark.parametrize(("narrow", "wide"), IMPLIED, ids=str)
def test_it_follows(narrow, wide):
    assert says(narrow, wide)


NOT_IMPLIED = [
    (body(x=["a", "b"]), body(x=["a"])),
    (body(x=["a"]), body(x=["a"], y=[1])),
    (body(x=["a"]), body(y=[{"exists": True}, {"exists": False}], x=["b"])),
    (body(x=["a", {"exists": False}]), body(x=["a"])),
    (body(x=["a"]), {**body(x=["a"]), "detail-type": ["v2.t"]}),
    ({"detail": {"eventBody": {"$or": [{"x": ["a"]}, {"y": [1]}]}}}, body(x=["a"])),
    (body(n__p=["a"]), body(n__p=["a"], n__q=["b"])),
]


@pytest.mark.parametrize(("narrow", "wide"), NOT_IMPLIED, ids=str)
def test_it_does_not_follow(narrow, wide):
    assert not says(narrow, wide)


def test_absence_may_not_carry_over_below_a_list_of_objects():
    """Absent from the element with p = a; without p asked for, every element counts."""
    narrow, wide = body(n__p=["a"], n__q=ABSENT), body(n__q=ABSENT)
    two_elements = {"n": [{"p": "a"}, {"q": "b"}]}

    assert matches(narrow, two_elements)
    assert not matches(wide, two_elements)
    assert not says(narrow, wide)


def test_absence_carries_over_where_the_same_fields_come_before():
    """Fields after it, and fields below other lists, have no say in it."""
    assert says(body(n__p=["a"], n__q=ABSENT, n__z=["c"]), body(n__p=["a", "b"], n__q=ABSENT))
    assert says(body(a__b=[1], n__q=ABSENT), body(n__q=ABSENT))


def test_absence_carries_over_where_the_topic_has_no_list():
    """Nobody knows whether o is a list; the topic says that it is none."""
    narrow, wide = body(o__a=["a"], o__u=ABSENT), body(o__u=ABSENT)

    assert not says(narrow, wide)
    assert says({**wide, "detail-type": [THINGS.topic]}, wide, SHAPE)
    assert says(body(o__l__w=["a"], o__u=ABSENT), body(o__u=ABSENT), SHAPE)


def test_a_field_that_may_be_anything_can_still_bind_an_element():
    """The wide pattern asks nothing of n.p, but picks it from the element that has one, and then finds no n.q there."""
    narrow, wide = body(n__q=["b"]), body(n__p=[{"exists": True}, {"exists": False}], n__q=["b"])

    assert matches(narrow, {"n": [{"p": "a"}, {"q": "b"}]})
    assert not matches(wide, {"n": [[{"p": "a", "q": "c"}], [{"q": "b"}]][0]})
    assert not says(narrow, wide)


def test_a_topic_decides_more():
    """Of one topic, a rule for that topic and one for all are alike; a text field that exists is text or null."""
    everything, own = {"source": [{"prefix": "aws.partner/"}]}, {"detail-type": [THINGS.topic]}

    assert says(own, own, SHAPE)
    assert says({"detail-type": [{"prefix": "v2."}]}, own, SHAPE)
    assert not says({"detail-type": [{"prefix": "v2."}]}, own)
    assert not says(own, everything)
    assert says(body(x=[{"exists": True}]), body(x=[{"wildcard": "*"}, None]), SHAPE)
    assert not says(body(x=[{"exists": True}]), body(x=[{"wildcard": "*"}, None]))


@settings(deadline=None, max_examples=300)
@given(patterns(), patterns(), st.lists(FREE_BODIES, min_size=5, max_size=15))
def test_what_follows_holds_for_every_event(narrow, wide, bodies):
    if says(narrow, wide):
        assert all(matches(wide, each) for each in bodies if matches(narrow, each))


@settings(deadline=None, max_examples=300)
@given(patterns(), patterns(), st.lists(TRUE_BODIES, min_size=5, max_size=15))
def test_what_follows_for_a_topic_holds_for_its_events(narrow, wide, bodies):
    if says(narrow, wide, SHAPE):
        assert all(matches(wide, each) for each in bodies if matches(narrow, each))


@settings(deadline=None, max_examples=100)
@given(patterns())
def test_every_pattern_implies_itself(pattern):
    assert says(pattern, pattern)
    assert says(pattern, pattern, SHAPE)
