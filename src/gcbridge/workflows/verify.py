"""verify: observe both clouds, and if every link looks whole, let a real event prove it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from gcbridge.aws.delivery import match_rules, observe_dead_letters, observe_deliveries
from gcbridge.aws.observe import observe
from gcbridge.aws.probe import Probe, ProbeMessage, open_probe
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError, GenesysError, UsageError
from gcbridge.genesys.causes import Caused, cause_integration_notes, cause_presence
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.recognizing import occurred_at
from gcbridge.genesys.sdk import prefetch
from gcbridge.model.bridge import Bridge
from gcbridge.model.naming import CAUSE_TOPICS
from gcbridge.model.progress import Progress
from gcbridge.model.result import (
    Arrival,
    AwsObservation,
    EventProof,
    Fault,
    GenesysObservation,
    Observations,
    VerificationReport,
)
from gcbridge.study.judge import judge
from gcbridge.study.sending_links import choose_integration
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.sweep import cause_journal, probe_journal, sweep_leftovers
from gcbridge.workspace.environment_lock import environment_lock

Cause = Literal["presence", "integration_notes", "none"]

COMPANION_SECONDS = 3.0
"""One change can be told on two topics; how long to wait for the second once the first has arrived."""
DELIVERY_SECONDS = 20.0
"""How long a target may take to show an event that was seen on the bus."""


def verify(
    rooms: Rooms, environment: Environment, *, cause: Cause | None = None, timeout_seconds: int | None = None
) -> VerificationReport:
    """Every link from the integration to the targets is looked at; a caused event then proves them together.

    Adds a probe (a rule and a queue of its own) for the time of the run, and makes one harmless change in Genesys
    Cloud, which it restores; both also after Ctrl-C, or in the next run after a crash.

    Args:
        rooms: doors to the outside.
        environment: what to verify.
        cause: instead of `verify.cause`.
        timeout_seconds: instead of `verify.timeout_seconds`.

    Raises:
        UsageError: the cause is presence, and the environment names no `verify.user`.
        RefusedError: another command works on the environment; it may be a verification that has something to restore.

    IAM actions: those of observe, open_probe, match_rules, observe_deliveries and observe_dead_letters in `aws/`.
    Genesys permissions: integrations:integration:view; integrations:integration:edit for `integration_notes`.
    """
    prefetch()
    bridge = _with_choices(environment.resolve(), cause, timeout_seconds)
    with environment_lock(rooms.workspace, environment.name, "verify"):
        return _verify(rooms, bridge)


def _verify(rooms: Rooms, bridge: Bridge) -> VerificationReport:
    rooms.watch(Progress("both clouds", "started", "looking at every link"))
    aws, genesys = _try_open_aws(rooms, bridge), _try_open_genesys(rooms, bridge)
    seen = Observations(genesys=_observe_genesys(genesys, bridge), aws=_observe_aws(aws, bridge))
    _sweep(rooms, bridge, aws, genesys, seen)
    rooms.watch(Progress("both clouds", "finished", "looked at every link"))
    report = judge(bridge, seen)
    if report.verdict == "failed" or isinstance(genesys, Fault) or isinstance(aws, Fault):
        return judge(bridge, _with_dead_letters(aws, bridge, seen))
    return judge(bridge, _prove(_Proof(rooms, bridge, aws, genesys, seen)))


def _with_dead_letters(aws: Aws | Fault, bridge: Bridge, seen: Observations) -> Observations:
    """What could not be delivered is told too where a broken link keeps an event from being caused."""
    if isinstance(aws, Fault) or not _is_in_account(bridge, seen):
        return seen
    try:
        return seen.model_copy(update={"dead_letters": observe_dead_letters(aws, bridge)})
    except AwsError:
        return seen


def _is_in_account(bridge: Bridge, seen: Observations) -> bool:
    return not isinstance(seen.aws, Fault) and seen.aws.account_id == bridge.aws.account_id


@dataclass(frozen=True)
class _Proof:
    rooms: Rooms
    bridge: Bridge
    aws: Aws
    genesys: GenesysCloud
    seen: Observations


def _sweep(
    rooms: Rooms, bridge: Bridge, aws: Aws | Fault, genesys: GenesysCloud | Fault, seen: Observations
) -> None:
    """Only in the account and the organization of the environment: any other would say that nothing is left."""
    in_account = _is_in_account(bridge, seen)
    in_organization = (
        not isinstance(seen.genesys, Fault) and seen.genesys.organization_id == bridge.organization.org_id
    )
    sweep_leftovers(
        rooms,
        bridge,
        aws if in_account and not isinstance(aws, Fault) else None,
        genesys if in_organization and not isinstance(genesys, Fault) else None,
    )


def _with_choices(bridge: Bridge, cause: Cause | None, timeout_seconds: int | None) -> Bridge:
    changes: dict[str, object] = {}
    if cause is not None:
        changes["cause"] = cause
    if timeout_seconds is not None:
        changes["timeout_seconds"] = timeout_seconds
    chosen = bridge.verify.model_copy(update=changes)
    if chosen.cause == "presence" and not chosen.user:
        raise UsageError(
            "the cause presence needs a user",
            where=f"environment {bridge.environment}",
            hint="set verify.user to the id or e-mail address of a test user",
        )
    return bridge.model_copy(update={"verify": chosen})


def _try_open_aws(rooms: Rooms, bridge: Bridge) -> Aws | Fault:
    try:
        return rooms.open_aws(bridge.aws)
    except AwsError as error:
        return _fault(error)


def _try_open_genesys(rooms: Rooms, bridge: Bridge) -> GenesysCloud | Fault:
    try:
        return rooms.open_genesys(bridge.organization)
    except GenesysError as error:
        return _fault(error)


def _observe_genesys(genesys: GenesysCloud | Fault, bridge: Bridge) -> GenesysObservation | Fault:
    if isinstance(genesys, Fault):
        return genesys
    try:
        return GenesysObservation(
            organization_id=genesys.organization().org_id,
            integration=choose_integration(bridge, genesys.integrations()),
        )
    except GenesysError as error:
        return _fault(error)


def _observe_aws(aws: Aws | Fault, bridge: Bridge) -> AwsObservation | Fault:
    if isinstance(aws, Fault):
        return aws
    try:
        return observe(aws, bridge)
    except AwsError as error:
        return _fault(error)


def _fault(error: AwsError | GenesysError) -> Fault:
    place = f" ({error.where})" if error.where else ""
    return Fault(summary=f"{error.summary}{place}", detail=error.detail, hint=error.hint)


def _prove(proof: _Proof) -> Observations:
    bridge, aws = proof.bridge, proof.aws
    messages, waited = _await_event(proof)
    events = [message.event for message, _ in messages]
    matches = match_rules(aws, bridge, events)
    proof.rooms.watch(Progress("targets", "started", "looking for the event in the targets"))
    deliveries = observe_deliveries(aws, bridge, events, matches, timeout_seconds=DELIVERY_SECONDS)
    proof.rooms.watch(Progress("targets", "finished", f"{len(deliveries)} deliveries looked at"))
    return proof.seen.model_copy(
        update={
            "proof": EventProof(
                cause=bridge.verify.cause,
                waited_seconds=waited,
                arrivals=tuple(arrival for _, arrival in messages),
            ),
            "matches": matches,
            "deliveries": deliveries,
            "dead_letters": observe_dead_letters(aws, bridge),
        }
    )


def _await_event(proof: _Proof) -> tuple[list[tuple[ProbeMessage, Arrival]], float]:
    """Open a probe, cause the event, and collect what of it arrives."""
    bridge, rooms = proof.bridge, proof.rooms
    rooms.watch(Progress("probe", "started", "adding a temporary rule and queue"))
    with open_probe(
        proof.aws,
        bridge,
        probe_journal(rooms, bridge),
        detail_types=_topics_of_cause(bridge),
        settle_seconds=bridge.verify.settle_seconds,
    ) as probe:
        rooms.watch(Progress("probe", "finished", f"rule {probe.names.rule_name}"))
        with _caused(proof, probe.names.run_id) as caused:
            rooms.watch(Progress("event", "started", f"{_what(caused)}: waiting"))
            started = time.monotonic()
            found = _collect(probe, bridge, caused, started + bridge.verify.timeout_seconds)
            waited = time.monotonic() - started
            arrived = f"{len(found)} arrived" if found else "none arrived"
            rooms.watch(
                Progress("event", "finished" if found else "failed", f"{_what(caused)}: {arrived}", waited)
            )
    return found, waited


def _topics_of_cause(bridge: Bridge) -> tuple[str, ...]:
    """What the probe has to see; a busy bus would bury the one event under all the others. None: everything."""
    return tuple(topic for topic in CAUSE_TOPICS[bridge.verify.cause] if topic in bridge.integration.topics)


def _what(caused: Caused | None) -> str:
    return caused.description if caused else "any event of this source"


@contextmanager
def _caused(proof: _Proof, run_id: str) -> Iterator[Caused | None]:
    bridge, journal = proof.bridge, cause_journal(proof.rooms, proof.bridge)
    match bridge.verify.cause:
        case "presence":
            with cause_presence(proof.genesys, bridge.verify.user or "", journal=journal) as caused:
                yield caused
        case "integration_notes":
            integration_id = _integration_id(proof.seen)
            with cause_integration_notes(proof.genesys, integration_id, run_id, journal=journal) as caused:
                yield caused
        case "none":
            yield None


def _integration_id(seen: Observations) -> str:
    """The judge has passed the integration by now, so it is there."""
    assert isinstance(seen.genesys, GenesysObservation)
    assert seen.genesys.integration is not None
    return seen.genesys.integration.integration_id


def _collect(
    probe: Probe, bridge: Bridge, caused: Caused | None, deadline: float
) -> list[tuple[ProbeMessage, Arrival]]:
    found: dict[str, tuple[ProbeMessage, Arrival]] = {}
    expected = len(set(caused.topics) & set(bridge.integration.topics)) if caused else 1
    limit = deadline
    while time.monotonic() < limit and len(_topics(found)) < expected:
        for message in probe.receive(min(limit, time.monotonic() + 1.0)):
            if caused is None or caused.matches(message.event):
                found.setdefault(message.event["id"], (message, _arrival(message, caused)))
                limit = min(limit, time.monotonic() + COMPANION_SECONDS)
            if len(_topics(found)) >= expected:
                break
    return list(found.values())


def _topics(found: Mapping[str, tuple[ProbeMessage, Arrival]]) -> set[str]:
    return {arrival.detail_type for _, arrival in found.values()}


def _arrival(message: ProbeMessage, caused: Caused | None) -> Arrival:
    since = caused.accepted_at if caused else occurred_at(message.event) or message.sent_at
    return Arrival(
        event_id=message.event["id"],
        detail_type=message.event["detail-type"],
        latency_seconds=round(max(0.0, (message.received_at - since).total_seconds()), 3),
    )
