"""What came of it: apply results, observations, checks, verdicts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, computed_field, model_validator

from gcbridge.model.base import Frozen
from gcbridge.model.coverage import UnsatisfiableRule
from gcbridge.model.proof import (
    BusLogObservation,
    BusSighting,
    CausedChange,
    CauseName,
    EventTrace,
    Latency,
    Loss,
    MetricsObservation,
    WitnessObservation,
    WitnessSummary,
)
from gcbridge.model.resource import ResourceObservation
from gcbridge.model.trigger_observation import SeenTrigger


class Wait(Frozen):
    """Something that was waited for, and how long it took."""

    name: str
    seconds: float


class ApplyResult(Frozen):
    """An environment was applied or destroyed."""

    environment: str
    bundle_id: str
    outputs: dict[str, dict[str, Any]]
    """Stack name -> output name -> value; sensitive outputs are left out."""
    changed: tuple[str, ...]
    """Addresses that were changed."""
    waits: tuple[Wait, ...]
    seconds: float


CheckStatus = Literal["passed", "failed", "skipped"]


class Check(Frozen):
    """One link of the bridge, judged."""

    name: str
    status: CheckStatus
    observed: str = ""
    expected: str = ""
    hint: str = ""


class VerificationReport(Frozen):
    """Checks in causal order; the first that failed is the broken link, what follows it is skipped."""

    environment: str
    checks: tuple[Check, ...]
    cause: CauseName = "traffic"
    read_only: bool = False
    """Nothing was created, so events are told by counters and logs only."""
    started_at: datetime | None = None
    """UTC."""
    seconds: float = 0.0
    """How long the verification took."""
    traces: tuple[EventTrace, ...] = ()
    """The way of each expected event; empty where a broken link kept events from being caused."""
    latencies: tuple[Latency, ...] = ()
    """Hop by hop, in the order of the way."""
    max_latency: float | None = None
    """`verify.max_latency`: the seconds in which each event has to be on the bus."""
    loss: Loss | None = None
    """None where nobody knows how many events to expect."""
    witness: WitnessSummary | None = None
    """None where no second witness was asked for."""
    overhead: Latency | None = None
    """From an event's arrival in the probe's queue to gcbridge knowing whose it is: gcbridge's own part of a latency."""
    metrics: MetricsObservation | None = None
    bus_log: BusLogObservation | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_verdict(cls, data: Any) -> Any:
        """The verdict is written out for readers of the JSON, and computed again from the checks when read."""
        return (
            {key: value for key, value in data.items() if key != "verdict"}
            if isinstance(data, dict)
            else data
        )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> Literal["passed", "failed"]:
        """Passed means that nothing failed; skipped checks say why nothing could be told."""
        return "failed" if any(check.status == "failed" for check in self.checks) else "passed"

    @property
    def first_broken(self) -> Check | None:
        """The first failed check, or None."""
        return next((check for check in self.checks if check.status == "failed"), None)


class IntegrationObservation(Frozen):
    """What Genesys Cloud says of the integration."""

    integration_id: str
    name: str
    intended_state: str
    reported_state: str
    reported_detail: str = ""
    topics: tuple[str, ...] = ()
    event_source_suffix: str = ""
    aws_account_id: str = ""
    aws_region: str = ""


class Fault(Frozen):
    """A cloud that could not be observed at all: what its door said, and what to type next."""

    summary: str
    detail: str = ""
    hint: str = ""


class GenesysObservation(Frozen):
    """What Genesys Cloud says of the whole sending side."""

    organization_id: str
    """The organization that the credentials belong to."""
    integration: IntegrationObservation | None
    """None means: looked, not there."""
    triggers: tuple[SeenTrigger, ...] | Fault = ()
    """Of each declared trigger what there is; a fault where triggers could not be listed."""


class EventSourceObservation(Frozen):
    """What AWS says of the partner event source."""

    name: str
    state: str
    """PENDING, ACTIVE or DELETED."""
    expires_at: str = ""
    """UTC, ISO 8601; the moment AWS drops a source that no bus was made for. Empty where AWS names none."""


class TargetObservation(Frozen):
    """What a rule says of one of its targets; defaults are those of EventBridge."""

    id: str
    """The target's name in the environment file."""
    arn: str
    role_arn: str | None = None
    dead_letter_arn: str | None = None
    maximum_retry_attempts: int = 185
    maximum_event_age_seconds: int = 86400
    input: str | None = None
    input_path: str | None = None
    input_paths: dict[str, str] = Field(default_factory=dict)
    """Of the transformer: name -> path."""
    input_template: str | None = None
    message_group: str | None = None
    partition_key_path: str | None = None
    task_definition_arn: str | None = None


class RuleObservation(Frozen):
    """What AWS says of one rule."""

    name: str
    state: str
    """ENABLED or DISABLED."""
    pattern: dict[str, Any]
    targets: tuple[TargetObservation, ...] = ()


class AwsObservation(Frozen):
    """What AWS says of the whole receiving side; None means: looked, not there."""

    account_id: str
    """The account that the credentials belong to."""
    event_source: EventSourceObservation | None
    event_bus_exists: bool
    rules: tuple[RuleObservation, ...] = ()
    resources: dict[str, ResourceObservation] = Field(default_factory=dict)
    """ARN that something else names it by -> what rules send to, and what a delivery needs beside that."""


class EventProof(Frozen):
    """What was caused, and what a probe saw of it on the bus."""

    cause: CauseName
    waited_seconds: float
    """From the last change to the last event, or to the end of patience."""
    changes: tuple[CausedChange, ...] = ()
    sightings: tuple[BusSighting, ...] = ()


class MatchObservation(Frozen):
    """What AWS's own matcher says of a declared rule and one event that was seen."""

    rule: str
    event_id: str
    matched: bool
    predicted: bool | None = None
    """What gcbridge's own routing engine says; None where it was not asked."""
    miss: str = ""
    """Why the routing engine says no, in one sentence."""


class DeliveryObservation(Frozen):
    """Whether one target received an event that its rule matched."""

    rule: str
    target: str
    event_id: str
    delivered: bool | None
    """None where it cannot be told, such as a queue that somebody else is reading."""
    detail: str = ""
    error_code: str = ""
    """Of the dead letter, such as NO_PERMISSIONS; empty where there is none."""
    seen_at: datetime | None = None
    """When the target had it, by the target's own clock, UTC; None where it does not say."""


class DeadLetterObservation(Frozen):
    """What lies in the dead-letter queue of one target."""

    target: str
    queue_name: str
    exists: bool | None
    """None where it could not be read."""
    depth: int = 0
    """Messages in it, about; SQS counts approximately."""
    detail: str = ""


class Observations(Frozen):
    """Everything a verification saw, before anything is concluded from it."""

    genesys: GenesysObservation | Fault
    aws: AwsObservation | Fault
    unsatisfiable: tuple[UnsatisfiableRule, ...] = ()
    """Rules that no event of the bridge's topics can match, by what is known of them."""
    proof: EventProof | None = None
    """None means: no event was waited for."""
    matches: tuple[MatchObservation, ...] = ()
    deliveries: tuple[DeliveryObservation, ...] = ()
    dead_letters: tuple[DeadLetterObservation, ...] = ()
    witness: WitnessObservation | None = None
    """None means: no second witness was asked for."""
    metrics: MetricsObservation | None = None
    bus_log: BusLogObservation | None = None
    read_only: bool = False
