"""The conformance corpus as Python values: what a case asks, and with which events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

CORPUS = Path(__file__).parent / "corpus"

INVALID = "invalid"
"""Verdict on a pattern that EventBridge refuses."""


class Case(NamedTuple):
    """One pattern, the events that it is asked about, and one answer for all of them.

    Args:
        id: name of the file and of the case, such as `prefix:begins so`.
        pattern: the event pattern.
        events: whole events; empty where the pattern alone is judged.
        expected: True, False, or {"invalid": key path of the fault}.
        written: the case as the file has it.
    """

    id: str
    pattern: dict[str, Any]
    events: list[dict[str, Any]]
    expected: Any
    written: dict[str, Any]

    @property
    def verdict(self) -> bool | str:
        """What a matcher should say: True, False or `invalid`."""
        return INVALID if isinstance(self.expected, dict) else self.expected


def read_corpus() -> list[Case]:
    """Every case of every file, in alphabetical order of the files."""
    return [case for file in sorted(CORPUS.glob("*.json")) for case in read_cases(file)]


def read_cases(file: Path) -> list[Case]:
    """The cases of one file."""
    return [
        Case(f"{file.stem}:{case['name']}", case["pattern"], _events(case), case["expected"], case)
        for case in json.loads(file.read_text(encoding="utf-8"))
    ]


def _events(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Events stand in the case, or in a file of their own that the case names."""
    written = case["events"] if "events" in case else [case["event"]] if "event" in case else []
    return [
        json.loads((CORPUS / event).read_text(encoding="utf-8")) if isinstance(event, str) else event
        for event in written
    ]
