"""Every case of the conformance corpus through the engine; tests/routing/corpus/README.md says how to add one."""

from __future__ import annotations

import re

import pytest
from corpus_reading import CORPUS, read_corpus

from gcbridge.routing import InvalidPatternError, Router

CASES = read_corpus()
SOURCE = re.compile(r"(AWS: .+, .+|AWS: (Arrays|Matching null) .+|aws/event-ruler (README|[A-Z]\w+), .+)")

with_answer = pytest.mark.parametrize(
    "case", [case for case in CASES if isinstance(case.expected, bool)], ids=lambda case: case.id
)
invalid = pytest.mark.parametrize(
    "case", [case for case in CASES if not isinstance(case.expected, bool)], ids=lambda case: case.id
)


@with_answer
def test_pattern_answers_as_documented(case):
    """The pattern matches every event of the case, or none of them."""
    router = Router({"rule": case.pattern})

    answers = [router.match(event) for event in case.events]

    assert answers == [("rule",) if case.expected else ()] * len(case.events)
    assert case.events


@with_answer
def test_explanation_comes_to_the_same_verdict(case):
    """What explains the verdict is no second opinion."""
    router = Router({"rule": case.pattern})

    verdicts = [router.explain(event, "rule").matched for event in case.events]

    assert verdicts == [case.expected] * len(case.events)


@invalid
def test_invalid_pattern_is_refused_at_its_fault(case):
    """The error says where the fault is, what it is, what to write instead and which rule it is in."""
    with pytest.raises(InvalidPatternError) as refused:
        Router({"rule": case.pattern})

    assert list(refused.value.path) == case.expected["invalid"]
    assert refused.value.fault
    assert refused.value.hint
    assert refused.value.rule == "rule"


def test_all_rules_of_the_corpus_in_one_router_answer_as_each_alone():
    """One Router with every valid pattern of the corpus, asked about every event of the corpus."""
    rules = {case.id: case.pattern for case in CASES if isinstance(case.expected, bool)}
    alone = {name: Router({name: pattern}) for name, pattern in rules.items()}
    together = Router(rules)

    for event in [event for case in CASES for event in case.events][::7]:
        assert together.match(event) == tuple(name for name, router in alone.items() if router.match(event))


def test_every_case_has_a_source_and_a_name_of_its_own():
    """An expectation without a source is an opinion."""
    names = [case.id for case in CASES]

    assert [case.id for case in CASES if not SOURCE.fullmatch(case.written["source"])] == []
    assert sorted(set(names)) == sorted(names)


def test_disputed_cases_say_which_side_is_followed():
    """Where aws/event-ruler differs from the guide, or the guide is silent, the case says what and why."""
    for case in CASES:
        disputed = case.id.startswith("disputed:")
        assert bool(case.written.get("note")) == disputed, case.id
        assert ("event_ruler" in case.written) == disputed, case.id


def test_every_event_file_is_used():
    """No file of events without a case that names it."""
    named = {
        event
        for case in CASES
        for event in [case.written.get("event"), *case.written.get("events", [])]
        if isinstance(event, str)
    }

    assert named == {f"events/{file.name}" for file in (CORPUS / "events").iterdir()}
