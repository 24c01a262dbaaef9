"""Which bodies meet a criterion, and what is said of those that do not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcbridge.study.triggers.criteria import judge_all, judge_criterion
from gcbridge.study.triggers.fitting import fitting_body
from gcbridge.study.triggers.inputs import workflow_input

BODY = {
    "text": "Away",
    "number": 5,
    "flag": True,
    "nothing": None,
    "list": ["a", "b"],
    "empty": [],
    "deep": {"id": "x"},
    "many": [{"id": 1, "kind": "agent"}, {"id": 2, "kind": "customer"}],
}


def judged(path, operator, wanted):
    key = "values" if operator in {"In", "NotIn", "All"} else "value"
    return judge_criterion({"jsonPath": path, "operator": operator, key: wanted}, BODY)


@pytest.mark.parametrize(
    ("path", "operator", "wanted", "holds"),
    [
        ("text", "Equal", "Away", True),
        ("$.text", "Equal", "Away", True),
        ("text", "Equal", "away", False),
        ("number", "Equal", 5.0, True),
        ("number", "Equal", "5", False),
        ("flag", "Equal", 1, False),
        ("deep.id", "Equal", "x", True),
        ("['deep']['id']", "Equal", "x", True),
        ("deep.other", "Equal", "x", False),
        ("text.deeper", "Equal", "x", False),
        ("text", "NotEqual", "Busy", True),
        ("text", "NotEqual", "Away", False),
        ("gone", "NotEqual", "Away", False),
        ("text", "In", ["Busy", "Away"], True),
        ("text", "NotIn", ["Busy"], True),
        ("gone", "NotIn", ["Busy"], False),
        ("number", "GreaterThan", 4, True),
        ("number", "GreaterThan", 5, False),
        ("number", "GreaterThanOrEqual", 5, True),
        ("number", "LessThan", 5, False),
        ("number", "LessThanOrEqual", 5, True),
        ("flag", "GreaterThan", 0, False),
        ("text", "GreaterThan", 0, False),
        ("text", "Contains", "wa", True),
        ("list", "Contains", "a", True),
        ("list", "Contains", "c", False),
        ("number", "Contains", 5, False),
        ("list", "All", ["b", "a"], True),
        ("list", "All", ["a", "c"], False),
        ("list", "Size", 2, True),
        ("empty", "Size", 0, True),
        ("number", "Size", 1, False),
        ("nothing", "Exists", True, True),
        ("gone", "Exists", True, False),
        ("gone", "Exists", False, True),
        ("empty[0]", "Exists", False, True),
        ("many[*].kind", "Equal", "customer", True),
        ("many[1].kind", "Equal", "agent", False),
        ("many[?@.id == 2].kind", "Equal", "customer", True),
        ("many[?(@.id == 2)].kind", "Equal", "agent", False),
        ("many.kind", "Equal", "agent", False),
    ],
)
def test_criteria(path, operator, wanted, holds):
    """Types count, lists need a step, and a path that finds nothing meets Exists false alone."""
    assert judged(path, operator, wanted).holds is holds


@pytest.mark.parametrize(
    ("path", "operator", "wanted", "said"),
    [
        ("gone", "Equal", "Away", 'is missing; wanted "Away"'),
        ("text", "Equal", "AWAY", 'is "Away", and case counts; wanted "AWAY"'),
        ("text", "In", ["Busy", 1], 'is "Away"; wanted one of "Busy", 1'),
        ("text", "GreaterThan", 3, 'is "Away", which is no number; wanted greater than 3'),
        ("list", "Size", 3, 'is ["a", "b"]; wanted a list of length 3'),
        ("many[*].id", "Equal", 3, "is 1 and 2; wanted 3"),
        ("text", "Exists", False, 'is "Away"; wanted no value'),
    ],
)
def test_what_a_miss_says(path, operator, wanted, said):
    """What was there, and what would have done."""
    assert judged(path, operator, wanted).miss == said


def test_no_criteria_are_met_by_everything():
    """As Genesys Cloud has it."""
    assert judge_all("[]", BODY) == ()


@pytest.mark.parametrize(
    ("body", "data_format", "received"),
    [
        (BODY, "TopLevelPrimitives", {"text": "Away", "number": 5, "flag": True}),
        ({"a": {"b": 1}}, "Json", {"jsonData": {"a": {"b": 1}}}),
        (None, "TopLevelPrimitives", {}),
    ],
)
def test_what_a_workflow_receives(body, data_format, received):
    """The top of the body, or the whole of it in one variable."""
    assert workflow_input(body, data_format) == received


CRITERIA = st.one_of(
    st.tuples(st.just("Equal"), st.sampled_from(["x", 3, True])),
    st.tuples(st.just("NotEqual"), st.sampled_from(["Away", 5, True])),
    st.tuples(st.sampled_from(["In", "NotIn", "All"]), st.just(["Away", "x", 5])),
    st.tuples(
        st.sampled_from(["GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"]),
        st.integers(-9, 9),
    ),
    st.tuples(st.just("Contains"), st.just("x")),
    st.tuples(st.just("Size"), st.integers(0, 4)),
    st.tuples(st.just("Exists"), st.booleans()),
)


@given(
    path=st.sampled_from(
        ["text", "number", "deep.id", "deep.new", "list", "many[*].kind", "many[0].new", "gone.far"]
    ),
    criterion=CRITERIA,
)
def test_a_sample_can_be_made_to_meet_one_criterion(path, criterion):
    """Whatever the operator, and nothing of the sample that was handed in is changed."""
    operator, wanted = criterion
    key = "values" if isinstance(wanted, list) else "value"
    before = json.dumps(BODY)

    _body, meets = fitting_body(BODY, json.dumps([{"jsonPath": path, "operator": operator, key: wanted}]))

    assert meets or (operator == "Exists" and "many" in path)
    assert json.dumps(BODY) == before


def test_what_contradicts_itself_cannot_be_met():
    """Then nothing is claimed of the criteria."""
    both = [{"jsonPath": "text", "operator": "Equal", "value": value} for value in ("a", "b")]

    assert fitting_body(BODY, json.dumps(both))[1] is False


def test_a_list_too_long_for_a_sample_is_not_made():
    """Nobody waits for a list of a thousand million elements."""
    criterion = {"jsonPath": "list", "operator": "Size", "value": 10**9}

    body, meets = fitting_body(BODY, json.dumps([criterion]))

    assert (body["list"], meets) == (BODY["list"], False)
