"""Event orchestration as a person writes it: `triggers:` start Architect workflows inside Genesys Cloud, `flows:` deploy them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool

from gcbridge.model.base import Frozen
from gcbridge.model.values import Duration, Text, Topic

Operator = Literal[
    "Equal",
    "NotEqual",
    "GreaterThan",
    "GreaterThanOrEqual",
    "LessThan",
    "LessThanOrEqual",
    "In",
    "NotIn",
    "Contains",
    "All",
    "Exists",
    "Size",
]


class MatchSpec(Frozen):
    """One criterion: what stands at a path of the event's body, compared with a value."""

    json_path: Annotated[str, Field(min_length=1, max_length=512)]
    """JSONPath (Goessner's), relative to `eventBody`: `presenceDefinition.systemPresence`, without `detail`."""
    operator: Operator
    """How to compare."""
    value: Any = None
    """What to compare with; for In, NotIn, All and where there are several, `values` instead."""
    values: tuple[Any, ...] | None = None
    """What to compare with, where the operator takes several."""


class TriggerSpec(Frozen):
    """A process automation trigger: an event starts a workflow, without AWS in between."""

    name: Text | None = Field(default=None, min_length=1, max_length=256)
    """Name shown in Genesys Cloud. Default: `gcbridge <environment> <trigger>`."""
    topic: Topic
    """Topic template with a literal {id}. Another topic is another trigger: Genesys Cloud cannot change it."""
    workflow: Text = Field(min_length=1, max_length=256)
    """A flow of `flows:`, or the id or the name of a published workflow in the organization."""
    match: tuple[MatchSpec, ...] = ()
    """Criteria that must all hold; none: every event of the topic starts the workflow."""
    data_format: Literal["Json", "TopLevelPrimitives"] = "TopLevelPrimitives"
    """`Json` hands the whole body to the workflow as one value, `TopLevelPrimitives` its top-level text, numbers and booleans."""
    ttl: Annotated[Duration, Field(ge=10)] | None = None
    """Age at which an event starts nothing any more: seconds, or text such as 30s; at least 10 seconds. Not together with delay."""
    delay: Annotated[Duration, Field(ge=60, le=900)] | None = None
    """How long to wait before the workflow is started: 60 to 900 seconds. Not together with ttl."""
    enabled: StrictBool = True
    """A disabled trigger is kept and starts nothing."""
    description: Text = Field(default="", max_length=512)
    """Shown in Genesys Cloud."""


class FlowSpec(Frozen):
    """An Architect workflow that is deployed from a file, so that a trigger can start it."""

    file: Annotated[str, Field(min_length=1)]
    """Architect YAML, relative to the workspace."""
    substitutions: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")], Text] = Field(
        default_factory=dict
    )
    """Name -> value, put where the file says `{{name}}`; no secrets, they stand in the plan."""
    force_unlock: StrictBool = False
    """Deploy even while somebody else holds the flow's lock in Architect."""
