"""Evidence: what a passed verification proved, in a form that a later step can check."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from gcbridge.model.base import Frozen
from gcbridge.model.proof import CauseName, Latency, Loss, WitnessSummary


class EvidentPlan(Frozen):
    """The plan bundle that was applied last in this workspace."""

    bundle_id: str
    plan_sha256: dict[str, str]
    """Stack name -> SHA-256 of the binary plan."""
    stack_digests: dict[str, str]
    """Stack name -> digest of the rendered files that were planned."""


class EvidentEvent(Frozen):
    """One real event that arrived."""

    event_id: str
    topic: str
    change: str
    """What caused it."""
    accepted_at: datetime
    """UTC."""
    seconds: float
    """Until gcbridge read it from the bus."""
    targets: tuple[str, ...] = ()
    """Hops beyond the bus at which it was seen."""


class Evidence(Frozen):
    """A verification of one environment that passed."""

    format: Literal[1] = 1
    tool_version: str
    environment: str
    environment_digest: str
    """SHA-256 of what was written, as far as it decides what is made."""
    stack_digests: dict[str, str]
    """Stack name -> digest of its files as rendered now."""
    plan: EvidentPlan | None = None
    """None where this workspace applied none, such as a fresh checkout."""
    organization_id: str
    account_id: str
    region: str
    event_source: str
    started_at: datetime
    """UTC."""
    seconds: float
    cause: CauseName
    passed: tuple[str, ...]
    """Names of the links that were proved."""
    skipped: tuple[str, ...]
    """Names of the links of which nothing could be told."""
    events: tuple[EvidentEvent, ...]
    latencies: tuple[Latency, ...] = ()
    loss: Loss | None = None
    witness: WitnessSummary | None = None


class SignedEvidence(Frozen):
    """Evidence as it stands in `evidence/<environment>.json`."""

    evidence: Evidence
    algorithm: Literal["HMAC-SHA256"] | None = None
    """None where no key was set."""
    signature: str | None = None
    """Over the canonical JSON of `evidence`: sorted keys, no spaces, UTF-8; hexadecimal."""
