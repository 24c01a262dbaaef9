"""The sandbox's emulator routes with a matcher of its own; it gives the engine's answers, except where listed here."""

from __future__ import annotations

import json

import pytest
from corpus_reading import INVALID, Case, read_corpus
from ministack.services import eventbridge

SOME = "matches some"
"""Verdict on a case whose events the emulator does not all answer alike."""

DIFFERENCES = {
    "names of an event that hold a dot are no nested names to the emulator": {
        "dotted_names:nesting in the pattern is a dot in the event": False,
        "dotted_names:a dot in both": False,
        "dotted_names:several dots": SOME,
        "dotted_names:dots in the event at several places": False,
        "dotted_names:no absence, it is nested": SOME,
        "dotted_names:no absence, it has a dot in the event": True,
        "dotted_names:a value at either place": SOME,
        "dotted_names:a name with a dot inside an element": False,
        "dotted_names:inside $or": SOME,
        "dotted_names:attributes of a conversation": False,
        "dotted_names:operators behind a dot": False,
        "disputed:a name with a dot beside an array of objects at the same path": False,
    },
    "a path that is asked for a value and for fields below it matches nothing in the emulator": {
        "arrays_of_objects:a value and an object of one array belong to no common element": False,
        "dotted_names:a leaf and an object at one path, both there": False,
    },
    "absence is a question about one array element to the emulator, whatever the order of the fields": {
        "exists:absent in one of several elements is not absent": True,
        "disputed:absence in the element that a field later in the alphabet chooses": True,
    },
    "a plain address is only a text to the emulator": {
        "cidr:a plain IPv6 address in other spellings": SOME,
        "cidr:a plain IPv4 address written as IPv6": False,
        "disputed:leading zeros of an IPv4 address": False,
    },
    "an IPv4 address that is written as IPv6 lies in no IPv4 block of the emulator": {
        "cidr:an IPv4 address written as IPv6": False,
    },
    "a range of the emulator holds integers that no double holds": {
        "numbers_by_value:an integer that no double holds lies in no range": True,
    },
    "$or that is no list of objects is a field's name to the emulator, as to aws/event-ruler": {
        "disputed:$or as a field with values": True,
        "disputed:$or as an object": True,
        "disputed:$or as a list of operators": True,
    },
}
"""Why the emulator differs -> case of the corpus -> what the emulator says."""

CASES = {case.id: case for case in read_corpus()}
LISTED = {case: verdict for cases in DIFFERENCES.values() for case, verdict in cases.items()}


def emulated_verdict(case: Case) -> bool | str:
    """What the emulator's PutRule and PutEvents make of a case."""
    pattern = json.dumps(case.pattern)
    if eventbridge._event_pattern_error(pattern):
        return INVALID
    answers = {_emulated_answer(pattern, event) for event in case.events or [{}]}
    return answers.pop() if len(answers) == 1 else SOME


def _emulated_answer(pattern: str, event: dict) -> bool:
    envelope = {name: value for name, value in event.items() if name != "detail"}
    view = eventbridge._EventView(envelope, event.get("detail", {}))
    return eventbridge._matches_pattern_view(pattern, view)


def test_emulator_agrees_with_the_corpus_where_nothing_is_listed():
    """If this fails after an update of ministack: it has changed its matcher, or the corpus has a new case."""
    differing = {
        name: f"corpus: {case.verdict}, emulator: {emulated_verdict(case)}"
        for name, case in CASES.items()
        if name not in LISTED and emulated_verdict(case) != case.verdict
    }

    assert differing == {}


@pytest.mark.parametrize(("name", "verdict"), LISTED.items(), ids=LISTED)
def test_listed_difference_is_still_one(name, verdict):
    """If this fails the emulator has learned it: take the case off the list."""
    assert verdict != CASES[name].verdict
    assert emulated_verdict(CASES[name]) == verdict
