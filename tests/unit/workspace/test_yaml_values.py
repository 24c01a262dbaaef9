"""What people type behind `--set path=` becomes what they meant, or is refused; nothing of it is left out in silence."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.workspace.yaml_values import parse_assignments, parse_value, shown_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("no", "no"),
        ("5", 5),
        ("1.5", 1.5),
        ("null", None),
        ("~", None),
        ("2024-01-01", "2024-01-01"),
        ("[a, 1]", ["a", 1]),
        ("{a: {b: [c]}}", {"a": {"b": ["c"]}}),
        ('"#1"', "#1"),
        ("'it''s'", "it's"),
        ("C#", "C#"),
        ("arn:aws:sns:eu-central-1:123456789012:a", "arn:aws:sns:eu-central-1:123456789012:a"),
        ("v2.users.{id}.presence", "v2.users.{id}.presence"),
        ("a=b=c", "a=b=c"),
        ("  spaces around  ", "spaces around"),
    ],
)
def test_a_value_is_yaml(text, value):
    """As it would stand behind a key; shown again, it is the same."""
    assert parse_value(text) == value
    assert parse_value(shown_value(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "#1 bridge",
        "bridge #2",
        "!important now",
        "&anchor x",
        "*x",
        "a: b",
        "[1,",
        "@x",
        "a\nb: 1",
        "a\nother: 2",
    ],
)
def test_what_yaml_would_read_as_something_else_is_refused(text):
    """A comment, a tag or an anchor is never what somebody meant on a command line."""
    with pytest.raises(UsageError) as caught:
        parse_value(text)

    assert caught.value.hint


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("targets.crm.fifo=true", ("targets", "crm", "fifo"), True),
        ("aws.account_id=012345678901", ("aws", "account_id"), "012345678901"),
        ("aws.account_id=null", ("aws", "account_id"), None),
        ("description=2026", ("description",), "2026"),
        ("description=1e3", ("description",), "1e3"),
        ("verify.timeout_seconds=60", ("verify", "timeout_seconds"), 60),
        ("description=a=b", ("description",), "a=b"),
        (" description = x", ("description",), "x"),
    ],
)
def test_a_number_stays_text_where_a_key_takes_nothing_else(assignment, path, value):
    """A shell eats the quotes that a file would have: an account id keeps its leading zero without them."""
    assert parse_assignments([assignment]) == {path: value}


@pytest.mark.parametrize("assignment", ["description", "description=", "=x", ".a=1", "a..b=1", "[0]=1"])
def test_what_sets_nothing_is_refused(assignment):
    """No sign, no value, no path."""
    with pytest.raises(UsageError):
        parse_assignments([assignment])
