"""Targets that fail on purpose, and metrics that come late, so that a test can see what becomes of the events."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from gcbridge.sandbox.aws.failures import DeliveryError


@dataclass
class Fault:
    """How often a target refuses an attempt, and whether the attempt may be repeated."""

    target_arn: str
    failure_rate: float
    retryable: bool = True
    error_code: str = "ERROR_FROM_TARGET"
    seed: int | None = None
    attempts: int = 0
    failures: int = 0
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # luck, not a secret

    def strike(self) -> None:
        """Fail this attempt, or let it pass.

        Raises:
            DeliveryError: it fails.
        """
        self.attempts += 1
        if self.chance.random() < self.failure_rate:
            self.failures += 1
            message = f"{self.target_arn} fails at a rate of {self.failure_rate}."
            raise DeliveryError(self.error_code, message, retryable=self.retryable)

    def describe(self) -> dict[str, Any]:
        """The fault as the control endpoint shows it, with what it has done so far."""
        return {name: value for name, value in vars(self).items() if name != "chance"}


_faults: dict[str, Fault] = {}
_lateness: list[float] = []


def new_fault(data: Any) -> Fault:
    """A fault from a request's body.

    Raises:
        ValueError: the body is not one.
    """
    if not isinstance(data, dict) or not isinstance(data.get("target_arn"), str):
        raise ValueError("target_arn must be the ARN of a target")
    rate = data.get("failure_rate")
    if not isinstance(rate, int | float) or not 0 <= rate <= 1:
        raise ValueError("failure_rate must be a number from 0 to 1")
    unknown = data.keys() - {"target_arn", "failure_rate", "retryable", "error_code", "seed"}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return Fault(**data)


def set_fault(fault: Fault) -> None:
    """Let the target fail from now on, in place of how it failed before."""
    _faults[fault.target_arn] = fault


def all_faults() -> list[Fault]:
    """Every fault there is."""
    return list(_faults.values())


def clear_faults() -> None:
    """Let every target work again, and metrics appear at once."""
    _faults.clear()
    _lateness.clear()


def set_metrics_late(seconds: Any) -> None:
    """Let CloudWatch show what is counted from now on so many seconds later.

    Raises:
        ValueError: that is no number of seconds.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ValueError("metrics_late_seconds must be a number that is not negative")
    _lateness[:] = [float(seconds)]


def metrics_late_seconds() -> float:
    """How late metrics are."""
    return _lateness[0] if _lateness else 0.0


def strike(target_arn: str) -> None:
    """Fail an attempt at the target if its fault wants so.

    Raises:
        DeliveryError: it does.
    """
    fault = _faults.get(target_arn)
    if fault:
        fault.strike()
