"""Triggers: what may be asked for, and all that the organization has.

Limits are those of the models CreateTriggerRequest and UpdateTriggerRequest and of the Terraform provider 1.84.1.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator, model_validator
from pydantic.alias_generators import to_camel

from gcbridge.sandbox.genesys.entities import new_id
from gcbridge.sandbox.genesys.process_automation.criteria import Extraction, compile_path, extract, holds
from gcbridge.sandbox.genesys.records import Records

_KIND = "triggers"
_TAKE_VALUES = ("In", "NotIn", "All")
Operator = Literal[
    "GreaterThanOrEqual",
    "LessThanOrEqual",
    "Equal",
    "NotEqual",
    "LessThan",
    "GreaterThan",
    "NotIn",
    "In",
    "Contains",
    "All",
    "Exists",
    "Size",
]


class Wire(BaseModel):
    """A part of a trigger as the API writes it; unknown keys are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Criterion(Wire):
    """One condition; of `value` and `values` exactly one is set, and the other is not kept."""

    json_path: str = Field(min_length=1)
    operator: Operator
    value: Any = None
    values: list[Any] | None = None

    @field_validator("json_path")
    @classmethod
    def _is_path(cls, path: str) -> str:
        compile_path(path)
        return path

    @model_validator(mode="after")
    def _has_what_the_operator_takes(self) -> Criterion:
        if (self.value is None) == (self.values is None):
            raise ValueError("exactly one of value and values must be set")
        if (self.operator in _TAKE_VALUES) != (self.values is not None):
            raise ValueError(
                f"{self.operator} takes {'values' if self.operator in _TAKE_VALUES else 'value'}"
            )
        if self.operator == "Exists" and not isinstance(self.value, bool):
            raise ValueError("Exists takes true or false")
        if self.operator == "Size" and (isinstance(self.value, bool) or not isinstance(self.value, int)):
            raise ValueError("Size takes a whole number")
        return self

    @property
    def wanted(self) -> Any:
        """What is compared with."""
        return self.value if self.values is None else self.values

    def look(self, body: dict[str, Any]) -> tuple[list[Extraction], bool]:
        """What stands at the path, and whether the criterion holds."""
        found = extract(self.json_path, body)
        return found, holds(self.operator, self.wanted, found)

    def body(self) -> dict[str, Any]:
        """As the API writes it: without the one that is not set."""
        side = {"value": self.value} if self.values is None else {"values": self.values}
        return {"jsonPath": self.json_path, "operator": self.operator, **side}


class TargetSettings(Wire):
    """How the event reaches the workflow."""

    data_format: Literal["Json", "TopLevelPrimitives"] | None = None


class Target(Wire):
    """What a trigger starts."""

    type: Literal["Workflow"]
    id: str = Field(min_length=1)
    workflow_target_settings: TargetSettings | None = None

    @property
    def wants_json(self) -> bool:
        """True when the workflow gets the whole body as one value; otherwise it gets top-level primitives."""
        settings = self.workflow_target_settings
        return settings is not None and settings.data_format == "Json"


class TriggerRequest(Wire):
    """What a trigger shall be."""

    name: str = Field(min_length=1, max_length=256)
    topic_name: str = Field(min_length=1, max_length=256)
    target: Target
    enabled: StrictBool = False
    match_criteria: list[Criterion] = Field(default_factory=list)
    event_ttl_seconds: int | None = Field(default=None, ge=10, alias="eventTTLSeconds")
    delay_by_seconds: int | None = Field(default=None, ge=60, le=900)
    description: str | None = Field(default=None, max_length=512)

    @model_validator(mode="after")
    def _has_one_time(self) -> TriggerRequest:
        if self.event_ttl_seconds is not None and self.delay_by_seconds is not None:
            raise ValueError("only one of eventTTLSeconds and delayBySeconds can be set")
        return self


class Trigger(TriggerRequest):
    """A trigger of the organization; `version` grows by one with every accepted PUT."""

    id: str = Field(default_factory=new_id)
    version: int = 1

    def matches(self, body: dict[str, Any]) -> bool:
        """True when every criterion holds; without criteria, always."""
        return all(criterion.look(body)[1] for criterion in self.match_criteria)

    def body(self) -> dict[str, Any]:
        """A Trigger of the SDK; what is not set is left out."""
        told = self.model_dump(by_alias=True, exclude_none=True, exclude={"match_criteria"})
        uri = f"/api/v2/processautomation/triggers/{self.id}"
        return told | {"matchCriteria": [one.body() for one in self.match_criteria], "selfUri": uri}


class Triggers:
    """Every trigger, in the order in which they were made."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.all = {trigger.id: trigger for trigger in records.load(_KIND, Trigger)}

    def put(self, trigger: Trigger) -> None:
        """A new trigger, or a changed one."""
        self.all[trigger.id] = trigger
        self._records.put(_KIND, [trigger])

    def delete(self, trigger: Trigger) -> None:
        """Forgets it; what it has delayed is dropped when its time comes."""
        del self.all[trigger.id]
        self._records.delete(_KIND, trigger.id)

    def of_topic(self, topic: str) -> list[Trigger]:
        """The triggers of a topic template."""
        return [trigger for trigger in self.all.values() if trigger.topic_name == topic]
