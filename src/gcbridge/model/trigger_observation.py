"""What Genesys Cloud says of triggers, and of testing them."""

from __future__ import annotations

from typing import Any, Literal

from gcbridge.model.base import Frozen


class TriggerObservation(Frozen):
    """A process automation trigger as Genesys Cloud has it."""

    trigger_id: str
    title: str
    topic: str
    enabled: bool
    workflow_id: str
    data_format: str
    match: tuple[dict[str, Any], ...] = ()
    """Criteria: jsonPath, operator, and value or values."""
    ttl_seconds: int | None = None
    delay_seconds: int | None = None


class WorkflowObservation(Frozen):
    """A flow of the organization."""

    workflow_id: str
    name: str
    type: str
    """Such as `workflow`, in lower case."""


PartName = Literal["schemaValidation", "targetValidation", "jsonPathValidation"]


class TriggerTestPart(Frozen):
    """One part of a trigger's test."""

    name: PartName
    holds: bool
    details: tuple[str, ...] = ()


class TriggerTest(Frozen):
    """What Genesys Cloud's test of a trigger says of one sample of an event's body; nothing is started by it."""

    parts: tuple[TriggerTestPart, ...]
    matches: bool
    """Whether that event would start the workflow."""


class UntestedTrigger(Frozen):
    """A trigger that could not be tested."""

    reason: str
    hint: str = ""


class SeenTrigger(Frozen):
    """A declared trigger, as far as it was looked at."""

    name: str
    """Its key in the environment."""
    found: tuple[TriggerObservation, ...] = ()
    """Triggers of its title; Genesys Cloud allows several."""
    workflow: WorkflowObservation | None = None
    """What it starts; None where that is not there, or could not be read."""
    workflow_unread: str = ""
    """Why the workflow could not be read; empty where it was looked for."""
    workflow_name: str = ""
    """What the file of an own flow calls the workflow; empty where it is none, or cannot be read."""
    test: TriggerTest | UntestedTrigger | None = None
    sample_matches: bool | None = None
    """Whether the sample meets the criteria, by gcbridge's own reckoning; None where it could not be made to."""
