"""What the criteria of triggers mean here."""

from __future__ import annotations

from typing import Any

import pytest

from gcbridge.sandbox.genesys.process_automation.criteria import compile_path, extract, holds

BODY: dict[str, Any] = {
    "name": "Ada",
    "count": 3,
    "ratio": 1.0,
    "done": True,
    "nothing": None,
    "tags": ["a", "b"],
    "parts": [{"kind": "agent", "age": 5}, {"kind": "customer", "age": 9}],
    "deep": {"er": {"x.y": 1}},
}


@pytest.mark.parametrize(
    ("path", "operator", "wanted", "expected"),
    [
        ("name", "Equal", "Ada", True),
        ("$.name", "Equal", "Ada", True),
        ("name", "Equal", "ada", False),
        ("count", "Equal", 3.0, True),
        ("count", "Equal", "3", False),
        ("done", "Equal", 1, False),
        ("ratio", "Equal", True, False),
        ("tags", "Equal", ["a", "b"], True),
        ("tags", "Equal", ["b", "a"], False),
        ("deep.er", "Equal", {"x.y": 1}, True),
        ("missing", "Equal", "x", False),
        ("name", "NotEqual", "Bob", True),
        ("name", "NotEqual", "Ada", False),
        ("missing", "NotEqual", "x", False),
        ("count", "GreaterThan", 2, True),
        ("count", "GreaterThan", 3, False),
        ("count", "GreaterThanOrEqual", 3, True),
        ("count", "LessThan", 3.5, True),
        ("count", "LessThanOrEqual", 2, False),
        ("name", "LessThan", "B", True),
        ("name", "GreaterThan", 1, False),
        ("done", "GreaterThan", 0, False),
        ("name", "In", ["Bob", "Ada"], True),
        ("count", "In", ["3"], False),
        ("name", "NotIn", ["Bob"], True),
        ("name", "NotIn", ["Ada"], False),
        ("missing", "NotIn", ["x"], False),
        ("name", "Contains", "d", True),
        ("name", "Contains", "D", False),
        ("tags", "Contains", "b", True),
        ("tags", "Contains", "c", False),
        ("count", "Contains", 3, False),
        ("tags", "All", ["b", "a"], True),
        ("tags", "All", ["a", "c"], False),
        ("name", "All", ["A"], False),
        ("name", "Exists", True, True),
        ("nothing", "Exists", True, True),
        ("missing", "Exists", True, False),
        ("missing", "Exists", False, True),
        ("tags", "Size", 2, True),
        ("tags", "Size", 1, False),
        ("name", "Size", 3, True),
        ("count", "Size", 1, False),
        ("parts[*].kind", "Equal", "customer", True),
        ("parts[*].age", "GreaterThan", 9, False),
        ("parts[?(@.age > 6)].kind", "Equal", "customer", True),
        ("parts[?(@.age > 6)].kind", "Equal", "agent", False),
        ("parts[?(@.kind == 'agent')].age", "Equal", 5, True),
        ("$..age", "Equal", 9, True),
        ("parts[1].kind", "Equal", "customer", True),
    ],
)
def test_operators(path: str, operator: str, wanted: Any, expected: bool) -> None:
    """One value that satisfies is enough; a path that leads nowhere satisfies only Exists false."""
    assert holds(operator, wanted, extract(path, BODY)) is expected


@pytest.mark.parametrize("path", ["", "a[", "a..", "a[?(@.b ==)]", "a b"])
def test_what_is_no_path(path: str) -> None:
    """Said with the path."""
    with pytest.raises(ValueError, match="is not a JSONPath"):
        compile_path(path)


def test_extractions_say_where_they_stand() -> None:
    """In brackets, as the trigger test shows them."""
    found = extract("parts[*].kind", BODY)
    assert [one.path for one in found] == ["$['parts'][0]['kind']", "$['parts'][1]['kind']"]
    assert [one.path for one in extract("$", BODY)] == ["$"]


@pytest.mark.parametrize("path", [r"count[\x]", "`parent`", "count[0].x", "nothing[?(@.a > 1)]"])
def test_a_path_that_does_not_fit_the_body_leads_nowhere(path: str) -> None:
    """Rather than failing the call that caused the event."""
    assert extract(path, BODY) == []
