"""What a workflow receives of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

JSON_VARIABLE = "jsonData"
"""Input variable of type JSON that a workflow needs for the data format Json ("Create a trigger", Genesys Cloud Resource Center)."""


def workflow_input(body: Any, data_format: Literal["Json", "TopLevelPrimitives"]) -> dict[str, Any]:
    """Input variable -> value.

    With TopLevelPrimitives the workflow receives text, numbers and booleans that stand at the top of the body, and
    nothing below it; with Json the whole body, in one variable.

    Args:
        body: `detail.eventBody` of the event.
        data_format: the trigger's.
    """
    if data_format == "Json":
        return {JSON_VARIABLE: body}
    if not isinstance(body, Mapping):
        return {}
    return {name: value for name, value in body.items() if isinstance(value, str | int | float)}
