"""What came of it: apply results, observations, checks, verdicts."""

from __future__ import annotations

from typing import Any, Literal

from gcbridge.model.base import Frozen


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


class Arrival(Frozen):
    """A caused or awaited event that the probe saw."""

    event_id: str
    detail_type: str
    latency_seconds: float
    """From the moment Genesys accepted the change to the moment the probe read the event."""


class VerificationReport(Frozen):
    """Checks in causal order; the first that failed is the broken link, what follows it is skipped."""

    environment: str
    checks: tuple[Check, ...]
    arrivals: tuple[Arrival, ...] = ()

    @property
    def verdict(self) -> Literal["passed", "failed"]:
        """Passed means: nothing failed, and nothing was left unproved behind a failure."""
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


class EventSourceObservation(Frozen):
    """What AWS says of the partner event source."""

    name: str
    state: str
    """PENDING, ACTIVE or DELETED."""
    expires_at: str = ""


class TargetObservation(Frozen):
    """What AWS says of one target of a rule."""

    id: str
    arn: str
    exists: bool
    permitted: bool | None
    """Whether the target's resource policy lets this rule write; None where it could not be read."""
    detail: str = ""


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
    event_source: EventSourceObservation | None
    event_bus_exists: bool
    rules: tuple[RuleObservation, ...] = ()
