"""Triggers and flows, decided."""

from __future__ import annotations

from typing import Literal

from gcbridge.model.base import Frozen


class WorkflowReference(Frozen):
    """The workflow that a trigger starts."""

    kind: Literal["flow", "id", "name"]
    """A flow of this environment, or one that the organization has: by id, or looked up by name."""
    value: str


class Trigger(Frozen):
    """A process automation trigger."""

    name: str
    """Its key in the environment."""
    title: str
    """Its name in Genesys Cloud."""
    topic: str
    workflow: WorkflowReference
    match_json: str
    """The criteria as canonical JSON, as Genesys Cloud takes them: a list of {jsonPath, operator, value or values}."""
    data_format: Literal["Json", "TopLevelPrimitives"]
    ttl_seconds: int | None
    delay_seconds: int | None
    enabled: bool
    description: str


class Flow(Frozen):
    """An Architect flow that is deployed."""

    name: str
    """Its key in the environment."""
    file: str
    """Where its text lies, relative to the workspace."""
    substitutions: tuple[tuple[str, str], ...]
    force_unlock: bool
