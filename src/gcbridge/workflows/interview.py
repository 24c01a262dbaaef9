"""Who can be asked for what init cannot find out: a person at a terminal, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gcbridge.model.blueprint import BlueprintEntry
from gcbridge.model.topic import Topic

Check = Callable[[str], str]
"""What is wrong with an answer; empty where it is good."""


def accept(answer: str) -> str:
    """Any answer will do."""
    del answer
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """A value that only a person can know.

    Args:
        key: where it will stand in the environment file.
        text: what is asked.
        flag: what to type for it on a command line.
        example: what an answer looks like.
        default: the answer where somebody only presses Enter.
        choices: the only answers there are; any where empty.
        check: what is wrong with an answer.
    """

    key: str
    text: str
    flag: str
    example: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    check: Check = accept


class Interview(Protocol):
    """Asks a person; every method may raise KeyboardInterrupt, and then nothing was written."""

    def ask(self, question: Question) -> str:
        """One value, as text."""
        ...

    def choose_blueprint(self, blueprints: Sequence[BlueprintEntry]) -> str | None:
        """Name of a blueprint, or None for an environment without one."""
        ...

    def choose_topics(self, topics: Sequence[Topic]) -> tuple[str, ...]:
        """Names of one or more topics."""
        ...
