"""Asks a person at the terminal, on standard error: standard output is for results."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import questionary
from prompt_toolkit.output import create_output

from gcbridge.model.blueprint import BlueprintEntry
from gcbridge.model.topic import Topic
from gcbridge.workflows.interview import Question

WITHOUT = "none: an environment of one's own"
DESCRIPTION_WIDTH = 100


class TerminalInterview:
    """Questions with a cursor, a filter, and answers that are checked at once; Ctrl-C ends it all."""

    def ask(self, question: Question) -> str:
        """One value, as text; one of the choices where there are some."""
        if question.choices:
            return self._choose(question)
        hint = f" (such as {question.example})" if question.example and not question.default else ""
        answer: str = _answered(
            questionary.text(
                f"{question.text}{hint}:",
                default=question.default,
                validate=lambda text: question.check(text.strip()) or True,
                **_on_stderr(),
            )
        )
        return answer.strip()

    def choose_blueprint(self, blueprints: Sequence[BlueprintEntry]) -> str | None:
        """Name of a blueprint, or None for an environment without one."""
        choices = [
            questionary.Choice(f"{entry.name}  {entry.title}", value=entry.name) for entry in blueprints
        ]
        name: str = _answered(
            questionary.select(
                "Blueprint:",
                choices=[*choices, questionary.Choice(WITHOUT, value="")],
                use_jk_keys=False,
                use_search_filter=True,
                **_on_stderr(),
            )
        )
        return name or None

    def choose_topics(self, topics: Sequence[Topic]) -> tuple[str, ...]:
        """One or more topics; typing narrows the list."""
        chosen: list[str] = _answered(
            questionary.checkbox(
                "Topics to send:",
                choices=[_topic_choice(topic) for topic in topics],
                instruction="(type to filter, space to choose, Enter when done)",
                validate=lambda names: bool(names) or "choose at least one with the space bar",
                use_jk_keys=False,
                use_search_filter=True,
                **_on_stderr(),
            )
        )
        return tuple(chosen)

    def _choose(self, question: Question) -> str:
        """Typing completes; only what is in the list is taken."""
        answer: str = _answered(
            questionary.autocomplete(
                f"{question.text}:",
                choices=list(question.choices),
                validate=lambda text: text in question.choices or "choose one of the list; Tab completes",
                **_on_stderr(),
            )
        )
        return answer


def _topic_choice(topic: Topic) -> questionary.Choice:
    first = topic.description.splitlines()[0][:DESCRIPTION_WIDTH] if topic.description else None
    return questionary.Choice(topic.topic, value=topic.topic, description=first)


def _on_stderr() -> dict[str, Any]:
    return {"output": create_output(stdout=sys.stderr)}


def _answered(question: questionary.Question) -> Any:
    """The answer; Ctrl-C is raised, to end the command as it ends any other."""
    return question.unsafe_ask()
