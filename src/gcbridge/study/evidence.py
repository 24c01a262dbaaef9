"""Turns a passed verification into evidence, signs it, and checks what somebody else signed."""

from __future__ import annotations

import hashlib
import hmac
import json

from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.bridge import Bridge
from gcbridge.model.evidence import Evidence, EvidentEvent, EvidentPlan, SignedEvidence
from gcbridge.model.plan import PlanBundle
from gcbridge.model.proof import EventTrace
from gcbridge.model.result import VerificationReport
from gcbridge.model.stack import RenderedStacks

KEY_VARIABLE = "GCBRIDGE_EVIDENCE_KEY"
SHORTEST_KEY = 16
"""Characters; a shorter key can be tried out by anyone who has the file."""
BUS_HOP = "event bus"


def gather_evidence(
    bridge: Bridge,
    report: VerificationReport,
    *,
    environment_digest: str,
    stacks: RenderedStacks,
    applied: PlanBundle | None,
    tool_version: str,
) -> Evidence:
    """Everything that a later step may want to compare, and no customer's data beyond ids and times.

    Args:
        bridge: what was verified.
        report: must have passed, with events.
        environment_digest: of the environment file.
        stacks: as they render now.
        applied: the bundle that was applied last, where this workspace has it.
        tool_version: gcbridge's own.
    """
    assert report.started_at is not None
    return Evidence(
        tool_version=tool_version,
        environment=report.environment,
        environment_digest=environment_digest,
        stack_digests={str(stack.name): stack.digest for stack in (stacks.genesys, stacks.aws)},
        plan=_plan(applied) if applied else None,
        organization_id=bridge.organization.org_id,
        account_id=bridge.aws.account_id,
        region=bridge.aws.region,
        event_source=bridge.event_source_name,
        started_at=report.started_at,
        seconds=report.seconds,
        cause=report.cause,
        passed=tuple(check.name for check in report.checks if check.status == "passed"),
        skipped=tuple(check.name for check in report.checks if check.status == "skipped"),
        events=tuple(event for event in map(_event, report.traces) if event is not None),
        latencies=report.latencies,
        loss=report.loss,
        witness=report.witness,
    )


def _plan(bundle: PlanBundle) -> EvidentPlan:
    stacks = (bundle.genesys, bundle.aws)
    return EvidentPlan(
        bundle_id=bundle.id,
        plan_sha256={str(stack.summary.stack): stack.plan_sha256 for stack in stacks},
        stack_digests={str(stack.summary.stack): stack.stack_digest for stack in stacks},
    )


def _event(trace: EventTrace) -> EvidentEvent | None:
    if trace.event_id is None:
        return None
    reached = {hop.name: hop for hop in trace.hops if hop.status == "passed"}
    seconds = reached[BUS_HOP].seconds if BUS_HOP in reached else None
    return EvidentEvent(
        event_id=trace.event_id,
        topic=trace.topic,
        change=trace.description,
        accepted_at=trace.accepted_at,
        seconds=seconds or 0.0,
        targets=tuple(name for name in reached if name.startswith("target ")),
    )


def sign(evidence: Evidence, key: str | None) -> SignedEvidence:
    """Evidence with its signature; without one where there is no key.

    Args:
        evidence: what to sign.
        key: secret shared with whoever checks.

    Raises:
        UsageError: the key is shorter than 16 characters.
    """
    if not key:
        return SignedEvidence(evidence=evidence)
    return SignedEvidence(evidence=evidence, algorithm="HMAC-SHA256", signature=_signature(evidence, key))


def check_signature(signed: SignedEvidence, key: str) -> Evidence:
    """The evidence, if whoever holds the key signed exactly this.

    Args:
        signed: what was read.
        key: the shared secret.

    Raises:
        RefusedError: no signature, or not that of this evidence and key.
        UsageError: the key is shorter than 16 characters.
    """
    name = signed.evidence.environment
    again = f"export {KEY_VARIABLE} as it was, and type: gcbridge verify {name}"
    if signed.signature is None:
        raise RefusedError(f"the evidence of {name} is not signed", hint=again)
    signature = _signature(signed.evidence, key)
    if not hmac.compare_digest(signed.signature.encode(), signature.encode()):
        raise RefusedError(
            f"the evidence of {name} was changed after it was signed, or signed with another key", hint=again
        )
    return signed.evidence


def check_length(key: str | None) -> None:
    """No key signs nothing; a short one would only look as if it did.

    Args:
        key: as it was set, or None.

    Raises:
        UsageError: the key is shorter than 16 characters.
    """
    if key and len(key) < SHORTEST_KEY:
        raise UsageError(
            f"{KEY_VARIABLE} is shorter than {SHORTEST_KEY} characters",
            hint="make one with: openssl rand -hex 32",
        )


def _signature(evidence: Evidence, key: str) -> str:
    check_length(key)
    told = json.dumps(
        evidence.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest()
