"""verify: observe both clouds, and if every link looks whole, let real events prove it."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import timedelta

from gcbridge.genesys.sdk import prefetch
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress
from gcbridge.model.result import Fault, Observations, VerificationReport
from gcbridge.study.judge import judge
from gcbridge.study.proof_links import keeps_from_proof
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.flow_files import workflow_names
from gcbridge.workflows.proof.causing import check_user
from gcbridge.workflows.proof.choices import Choices, with_choices
from gcbridge.workflows.proof.following import count_only
from gcbridge.workflows.proof.looking import (
    Clouds,
    look_at,
    look_for_dead_letters,
    open_clouds,
    sweep,
)
from gcbridge.workflows.proof.proving import Proof, prove
from gcbridge.workflows.proof.session import utc_now
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.topic_snapshots import read_catalogue

COUNTED = timedelta(minutes=15)
"""How far back counters are asked where nothing may be created."""


def verify(
    rooms: Rooms, environment: Environment, choices: Choices | None = None, *, read_only: bool = False
) -> VerificationReport:
    """Every link from the integration to the targets is looked at; caused events then prove them together.

    Adds a probe (a rule and a queue of its own) for the time of the run, and makes harmless changes in Genesys
    Cloud, which it restores; both also after Ctrl-C, or in the next run after a crash.

    Args:
        rooms: doors to the outside.
        environment: what to verify.
        choices: instead of what the environment says under `verify`.
        read_only: create and change nothing: events are told by counters only.

    Raises:
        UsageError: the cause is presence, and the environment names no `verify.user`; or the choices exclude each other.
        RefusedError: another command works on the environment; it may be a verification that has something to restore.

    IAM actions: those of observe, and of the functions in `workflows/proof/`.
    Genesys permissions: integrations:integration:view; those of the cause, see `genesys/causes/`; with triggers those of
    `workflows.proof.looking_at_triggers`.
    """
    prefetch()
    bridge = with_choices(environment.resolve(), choices or Choices(), read_only=read_only)
    check_user(bridge, bridge.verify.cause)
    # Who only looks keeps nobody from working, and writes nothing, not even a lock.
    lock = nullcontext() if read_only else environment_lock(rooms.workspace, environment.name, "verify")
    with lock:
        started_at, started = utc_now(), time.monotonic()
        report = judge(bridge, _observe(rooms, bridge, read_only=read_only))
        return report.model_copy(
            update={"started_at": started_at, "seconds": round(time.monotonic() - started, 3)}
        )


def _observe(rooms: Rooms, bridge: Bridge, *, read_only: bool) -> Observations:
    catalogue = read_catalogue(rooms.workspace, bridge.environment)
    rooms.watch(Progress("both clouds", "started", "looking at every link"))
    clouds = open_clouds(rooms, bridge)
    names = workflow_names(rooms.workspace, bridge)
    seen = look_at(clouds, catalogue, names).model_copy(update={"read_only": read_only})
    if not read_only:
        sweep(rooms, clouds, seen)
    rooms.watch(Progress("both clouds", "finished", "looked at every link"))
    if isinstance(clouds.aws, Fault) or isinstance(clouds.genesys, Fault):
        return seen.model_copy(update={"dead_letters": look_for_dead_letters(clouds, seen)})
    if any(map(keeps_from_proof, judge(bridge, seen).checks)):
        return seen.model_copy(update={"dead_letters": look_for_dead_letters(clouds, seen)})
    if read_only:
        return _count(clouds, seen)
    return prove(Proof(rooms, bridge, clouds.aws, clouds.genesys, seen, catalogue))


def _count(clouds: Clouds, seen: Observations) -> Observations:
    assert not isinstance(clouds.aws, Fault)
    metrics = count_only(clouds.aws, clouds.bridge, utc_now() - COUNTED)
    return seen.model_copy(update={"metrics": metrics, "dead_letters": look_for_dead_letters(clouds, seen)})
