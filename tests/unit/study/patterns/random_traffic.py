"""Patterns and events made at random from few names and values, so that they have much to do with each other."""

from hypothesis import strategies as st

from gcbridge.model.topic import Topic, TopicField
from gcbridge.routing import Router

TOPIC = "v2.things.{id}.changed"
SOURCE = "aws.partner/genesys.com/cloud/00000000-0000-4000-8000-000000000000/dev"
VALUES = ["a", "b", "ab", "A", 1, 2, True, None]
OPERATORS = [
    *VALUES,
    {"prefix": "a"},
    {"suffix": "b"},
    {"wildcard": "a*"},
    {"wildcard": "*"},
    {"equals-ignore-case": "A"},
    {"anything-but": ["a"]},
    {"anything-but": ["a", "b"]},
    {"anything-but": {"prefix": "a"}},
    {"numeric": [">", 1]},
    {"numeric": [">=", 1]},
    {"numeric": ["<", 2]},
    {"exists": True},
    {"exists": False},
]
PATHS = ["x", "y", "s", "n.p", "n.q", "n.m.r", "n.m", "o.u", "o.l.w"]
"""Below detail.eventBody: a text, a number, a list of texts, a list of objects with an object inside, an object."""

TEXT, NUMBER = TopicField(type="string"), TopicField(type="number")


def group(is_list=False, **fields):
    return TopicField(type="object", fields=fields, is_list=is_list)


THINGS = Topic(
    topic=TOPIC,
    fields={
        "x": TEXT,
        "y": NUMBER,
        "s": TopicField(type="string", is_list=True),
        "n": group(is_list=True, p=TopicField(type="string", enum=("a",)), q=TEXT, m=group(r=NUMBER)),
        "o": group(u=TEXT, l=group(is_list=True, w=TEXT)),
    },
)


def nested(fields):
    """Dotted paths as nested objects; of a path and one below it, the first counts."""
    tree = {}
    for path, value in fields.items():
        *above, last = path.split(".")
        node = tree
        for key in above:
            node = node.setdefault(key, {})
            if not isinstance(node, dict):
                break
        else:
            node.setdefault(last, value)
    return tree


TESTS = st.dictionaries(
    st.sampled_from(PATHS),
    st.lists(st.sampled_from(OPERATORS), min_size=1, max_size=3),
    min_size=1,
    max_size=3,
).map(nested)


@st.composite
def patterns(draw):
    """A pattern below detail.eventBody, now and then with a topic or with alternatives."""
    body = draw(TESTS)
    if draw(st.integers(0, 4)) == 0:
        body = {"$or": [draw(TESTS), body]}
    pattern = {"detail": {"eventBody": body}}
    if draw(st.integers(0, 3)) == 0:
        pattern["detail-type"] = draw(st.sampled_from([[TOPIC], ["v2.other"], [{"prefix": "v2."}]]))
    return pattern


LEAVES = st.sampled_from(VALUES)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqmruwl"), inner, max_size=3)
    ),
    max_leaves=8,
)
FREE_BODIES = st.fixed_dictionaries({}, optional=dict.fromkeys("xysno", ANYTHING))
"""Bodies of which nothing is known."""

TEXTS = st.sampled_from(["a", "b", "ab", "A", None])
NUMBERS = st.sampled_from([1, 2, None])


def some(**fields):
    return st.fixed_dictionaries({}, optional=fields)


TRUE_BODIES = some(
    x=TEXTS,
    y=NUMBERS,
    s=st.lists(TEXTS, max_size=2),
    n=st.lists(some(p=TEXTS, q=TEXTS, m=some(r=NUMBERS)), max_size=3),
    o=some(u=TEXTS, l=st.lists(some(w=TEXTS), max_size=2)),
)
"""Bodies as THINGS describes them."""


def event(body, topic=TOPIC):
    """A whole event, as EventBridge delivers it."""
    return {
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000001",
        "detail-type": topic,
        "source": SOURCE,
        "account": "123456789012",
        "time": "2026-01-01T00:00:00Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {"topicName": topic.replace("{id}", "7"), "eventBody": body},
    }


def matches(pattern, body_or_event):
    """What the engine says."""
    whole = body_or_event if "detail-type" in body_or_event else event(body_or_event)
    return Router({"rule": pattern}).match(whole) == ("rule",)
