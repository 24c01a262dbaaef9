"""What init was told, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gcbridge.model.base import Frozen
from gcbridge.model.origin import KeyPath


@dataclass(frozen=True, slots=True)
class InitChoices:
    """What a person said for an environment.

    Args:
        blueprint: name of the blueprint to make it from.
        other: name of the environment to make it from.
        extends: the file to extend.
        values: path -> value, for what only this environment has.
        topics: topic templates to send, besides those of the blueprint or of the other environment.
    """

    blueprint: str | None = None
    other: str | None = None
    extends: Path | None = None
    values: Mapping[KeyPath, Any] = field(default_factory=dict)
    topics: tuple[str, ...] = ()


class InitResult(Frozen):
    """What init found out and did."""

    environment: str
    """Its name."""
    file: str
    """The environment file, relative to the workspace."""
    created: bool
    """Whether the file is new."""
    organization: str
    """Name of the Genesys Cloud organization."""
    written: dict[str, Any]
    """Path -> value that was found out, answered or said, and added to the file."""
    copied: tuple[str, ...] = ()
    """Files of the blueprint that were put into the workspace."""
    kept: tuple[str, ...] = ()
    """Files that differ from the blueprint's and were left as they are."""
    warnings: tuple[str, ...] = ()
    """What to look at, such as names that another environment uses too."""
    tests: int = 0
    """How many tests of the environment passed."""
    terraform_version: str = ""
    """Of the binary that initialized both stacks."""
    commands: tuple[str, ...] = ()
    """What the blueprint says to type after `apply`."""
