"""Blueprint: a whole use case as data, that `gcbridge init --blueprint` makes an environment from."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from gcbridge.model.base import Frozen

Line = Annotated[str, Field(min_length=1, pattern=r"^[^\n]+$")]


class BlueprintQuestion(Frozen):
    """A value that only a person can know."""

    path: Line
    """Dotted path into the environment file, such as `verify.user`."""
    question: Line
    """What is asked, without a question mark at its end."""
    example: Any = None
    """What an answer looks like."""
    default: Any = None
    """What is written where nobody answers; without one an answer is required."""


class BlueprintPermissions(Frozen):
    """What the use case needs beside what every bridge needs; for people."""

    genesys: tuple[Line, ...] = ()
    """Permissions of the OAuth client's roles."""
    aws: tuple[Line, ...] = ()
    """IAM actions."""


class Blueprint(Frozen):
    """`blueprint.yaml`: what a blueprint is, and what has to be asked before it can be used."""

    title: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\n]+$")]
    """One line."""
    description: str = ""
    """A few lines: what arrives where."""
    asks: tuple[BlueprintQuestion, ...] = ()
    """Values that only a person can know."""
    commands: tuple[Line, ...] = ()
    """What to type after `apply`; `{environment}` or ENV stands for the environment's name."""
    permissions: BlueprintPermissions = BlueprintPermissions()
    """What has to be allowed besides, for people."""

    @field_validator("asks")
    @classmethod
    def _ask_once(cls, asks: tuple[BlueprintQuestion, ...]) -> tuple[BlueprintQuestion, ...]:
        paths = [ask.path for ask in asks]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ValueError(f"asked twice: {', '.join(twice)}")
        return asks


class BlueprintEntry(Frozen):
    """A blueprint as a list shows it."""

    name: str
    title: str
    origin: str
    """`bundled`, or the folder in the workspace."""
