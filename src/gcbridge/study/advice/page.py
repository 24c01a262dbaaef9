"""The table behind the advice as Markdown: the documentation cannot say anything else than the command."""

from __future__ import annotations

from typing import get_args

from gcbridge.model.advice import EventModel, Weight
from gcbridge.study.advice.choices import CHOICES, QUESTIONS, Choice
from gcbridge.study.advice.limits import DOES, LIMITS, TITLES

MARKS: dict[Weight, str] = {"for": "✓", "care": "!", "against": "✗"}
"""Fits; fits at a price; does not fit."""


def advice_tables() -> str:
    """What each model is, what each answer means for it, and every limit with its source."""
    return "\n\n".join((_models(), *(_question(question) for question in QUESTIONS), _limits()))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _table(head: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join((_row(*head), _row(*("---" for _ in head)), *rows))


def _models() -> str:
    return _table(
        ("model", "how it works"), [_row(TITLES[model], DOES[model]) for model in get_args(EventModel)]
    )


def _question(question: str) -> str:
    choices = [choice for choice in CHOICES if choice.question == question]
    titles = tuple(TITLES[model] for model in get_args(EventModel))
    rows = [
        _row(choice.says, *(_cell(choice, model) for model in get_args(EventModel))) for choice in choices
    ]
    return f"### {QUESTIONS[choices[0].question]}\n\n{_table(('answer', *titles), rows)}"


def _cell(choice: Choice, model: EventModel) -> str:
    finding = choice.finding(model)
    if finding is None:
        return "✓"
    notes = " ".join(f"[{name}](#limits)" for name in finding.limits)
    return f"{MARKS[finding.weight]} {finding.says} {notes}".strip()


def _limits() -> str:
    rows = [
        _row(limit.name, TITLES[limit.model], limit.says, _source(limit.source)) for limit in LIMITS.values()
    ]
    return f"### Limits\n\n{_table(('limit', 'model', 'what is published', 'source'), rows)}"


def _source(source: str) -> str:
    return f"<{source}>" if source.startswith("http") else source
