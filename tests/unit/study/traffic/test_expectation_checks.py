"""What a test names must exist, and what it calls an event must be one."""

import copy

import pytest
from traffic_bridge import AUDITS, VALUES

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.origin import Origin
from gcbridge.study.validate import validate_environment

EVENT = {"detail-type": AUDITS, "detail": {"eventBody": {}}}


def problems_of(**test):
    values = copy.deepcopy(VALUES)
    values["tests"] = {"first": {"event": EVENT, "rules": [], **test}}
    origins = {("tests", "first"): Origin("environments/dev.yaml", 30)}
    try:
        validate_environment("dev", values, origins)
    except EnvironmentInvalidError as error:
        return error.detail
    return ""


@pytest.mark.parametrize(
    "test",
    [
        {},
        {"event": "events/one.json"},
        {"rules": ["deleted"], "targets": ["log", "crm"]},
        {"rules": ["deleted"], "targets": {"crm": {"who": "x"}}},
        {"event": {**EVENT, "replay-name": "x", "time": "2026-03-01T08:00:00Z"}},
    ],
)
def test_what_is_accepted(test):
    """The table below changes one thing at a time."""
    assert problems_of(**test) == ""


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        (
            {"rules": ["delete"]},
            "tests.first.rules[0]: delete is no rule; did you mean deleted? rules: deleted, ",
        ),
        ({"rules": ["deleted", "deleted"]}, "tests.first.rules[1]: deleted is named twice"),
        (
            {"rules": ["deleted"], "targets": ["lag"]},
            "tests.first.targets[0]: lag is no target; did you mean log?",
        ),
        (
            {"rules": ["deleted"], "targets": {"cmr": 1}},
            "tests.first.targets.cmr: cmr is no target; did you mean crm?",
        ),
        (
            {"rules": ["presence"], "targets": ["log"]},
            "the rules of this test do not send to log; they send to crm",
        ),
        ({"targets": ["log"]}, "the rules of this test do not send to log; they send to no target"),
        ({"rulez": []}, "tests.first.rulez: unknown key; did you mean rules?"),
        ({"rules": None}, "tests.first.rules"),
        ({"event": 5}, "tests.first.event: is the path of a file, or an event with detail-type and detail"),
        ({"targets": "log"}, "tests.first.targets: is a list of targets, or a mapping"),
        ({"event": {"detail-type": AUDITS}}, "tests.first.event: needs detail"),
        ({"event": {"detail": {}}}, "tests.first.event: needs detail-type"),
        (
            {"event": {**EVENT, "detail_type": AUDITS}},
            "tests.first.event.detail_type: an EventBridge event has no such field; did you mean detail-type?",
        ),
        ({"event": {**EVENT, "detail": {"a": [{1: 2}]}}}, "field names are text; write 1 in quotes"),
        (
            {"event": {**EVENT, "detail": {"a": float("nan")}}},
            "tests.first.event.detail.a: nan is no number in JSON",
        ),
    ],
)
def test_what_is_refused(test, problem):
    """With file and line, what is allowed, and what was probably meant."""
    found = problems_of(**test)

    assert problem in found
    assert found.startswith("environments/dev.yaml:30: ")
    assert found.count("\n") == 0


def test_a_name_is_one_line():
    """It stands in tables and in JUnit."""
    values = copy.deepcopy(VALUES)
    values["tests"] = {
        "two\nlines": {"event": EVENT, "rules": []},
        "one line, any text (§)": {"event": EVENT, "rules": []},
    }

    with pytest.raises(EnvironmentInvalidError) as caught:
        validate_environment("dev", values, {})

    assert len(caught.value.problems) == 1
    assert "1 to 128 characters on one line" in caught.value.detail
