"""JMESPath filters: what is true of an event, and what is refused before anything is opened."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.study.event_filter import Answer, read_filter

EVENT = {
    "topicName": "v2.audits.entitytype.OAuthClient.entityid.46a1",
    "detail-type": "v2.audits.entitytype.{id}.entityid.{id}",
    "eventBody": {
        "action": "Delete",
        "count": 0,
        "name": "",
        "tags": [],
        "changes": [{"property": "deleted_on"}],
    },
}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("eventBody.action == 'Delete'", True),
        ("eventBody.action == 'delete'", False),
        ("starts_with(topicName, 'v2.audits.entitytype.OAuthClient.')", True),
        ("\"detail-type\" == 'v2.audits.entitytype.{id}.entityid.{id}'", True),
        ("eventBody.changes[?property == 'deleted_on']", True),
        ("eventBody.changes[?property == 'state']", False),
        ("eventBody.count", True),  # JMESPath knows no falsy number
        ("eventBody.count > `0`", False),
        ("eventBody.name", False),
        ("eventBody.tags", False),
        ("eventBody.nothing", False),
        ("!(eventBody.nothing)", True),
        ("eventBody.nothing.below == 'x' || eventBody.action", True),
    ],
)
def test_truth_is_jmespaths(expression, wanted):
    assert read_filter(expression).ask(EVENT) == Answer(wanted)


@pytest.mark.parametrize(
    ("expression", "summary", "where", "hint"),
    [
        ("eventBody.action = 'Delete'", "unknown token '='", 18, "=="),
        ("detail-type == 'x'", "unknown token '-'", 7, '"detail-type"'),
        ("a == 3", "3 is not expected here", 6, "`3`"),
        ("a[", "it ends too early", 3, "jmespath.org"),
        ("a b", "b is not expected here", 3, "jmespath.org"),
        ("a == 'x", "unclosed ' delimiter", 6, "jmespath.org"),
        ("a && nofunction(b)", "there is no function nofunction", 6, "starts_with"),
        ("contains(a)", "contains() takes 2 arguments, not 1", 1, "jmespath.org"),
        ("not_null()", "not_null() takes at least 1 argument, not 0", 1, "jmespath.org"),
        ("a[?length(b, c) > `1`]", "length() takes 1 argument, not 2", 4, "jmespath.org"),
    ],
)
def test_what_is_no_jmespath_is_refused_with_the_place(expression, summary, where, hint):
    """Functions, too, which jmespath itself looks at only when an event has come."""
    with pytest.raises(UsageError) as refused:
        read_filter(expression)

    error = refused.value
    assert error.summary == f"--filter is no JMESPath: {summary}"
    assert error.where == f"character {where} of --filter"
    assert error.detail == f"{expression}\n{' ' * (where - 1)}^"
    assert hint in error.hint


def test_the_place_in_an_expression_of_several_lines():
    """The line that it is in, and no other."""
    with pytest.raises(UsageError) as refused:
        read_filter("a == 'x' &&\n  b = 'y'")

    assert refused.value.detail == "  b = 'y'\n    ^"


@pytest.mark.parametrize("expression", ["", "(" * 20_000])
def test_nothing_and_too_much_are_refused(expression):
    with pytest.raises(UsageError, match=r"--filter is (empty|nested too deeply)"):
        read_filter(expression)


def test_an_event_that_it_makes_no_sense_of_is_not_wanted():
    """Topics differ in their bodies; the next event may be one that it does make sense of."""
    found = read_filter("contains(eventBody.message, 'x')")

    assert found.ask({"eventBody": {"message": None}}) == Answer(
        False,
        "In function contains(), invalid type for value: None, expected one of: ['array', 'string'], received: \"null\"",
    )
    assert found.ask({"eventBody": {"message": "xyz"}}) == Answer(True)


@pytest.mark.parametrize(
    ("expression", "doubts"),
    [
        ('status == "BUSY"', ("\"BUSY\" names a field of the event; the text is written 'BUSY'",)),
        ("status != BUSY", ("BUSY names a field of the event; the text is written 'BUSY'",)),
        ("a[?status == BUSY].b", ("BUSY names a field of the event; the text is written 'BUSY'",)),
        ("!eventBody.status", ("! belongs to eventBody alone; write !(...) around the whole path",)),
        ("!(eventBody.status) && !status", ()),
        ("status == 'BUSY'", ()),
        ('status == `"BUSY"`', ()),
        ("status == other.status", ()),
        ("size == length(name)", ()),
        ("\"detail-type\" == 'x'", ()),
    ],
)
def test_what_was_probably_not_meant_is_doubted(expression, doubts):
    """It is valid, and would keep every event back in silence."""
    assert read_filter(expression).doubts() == doubts
