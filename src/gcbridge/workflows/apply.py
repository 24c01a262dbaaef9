"""apply: exactly the planned bundle, stack by stack, in the order in which the two clouds can follow."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gcbridge.errors import PlanOutdatedError, RefusedError, TerraformError
from gcbridge.genesys.sdk import prefetch
from gcbridge.model.bridge import Bridge
from gcbridge.model.plan import PlanBundle, PlannedStack
from gcbridge.model.progress import Progress
from gcbridge.model.result import ApplyResult, Wait
from gcbridge.model.stack import RenderedStacks, StackName
from gcbridge.study.destroy_guard import Asking
from gcbridge.study.plan_guard import check_continues, check_still_current
from gcbridge.study.plan_summary import summarize_plan
from gcbridge.terraform.runner import Terraform
from gcbridge.workflows.connection_secrets import (
    check_connection_secrets,
    restore_connection_secrets,
    set_connection_secrets,
)
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.identities import check_account, check_organization
from gcbridge.workflows.losses import guard_losses
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.stack_runs import StackRuns, open_stacks
from gcbridge.workflows.sweep import sweep_leftovers
from gcbridge.workflows.waits import (
    wait_for_active_integration,
    wait_for_active_source,
    wait_for_event_source,
    wait_for_no_source,
)
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.plan_bundles import (
    lock_file,
    newest_bundle,
    read_bundle,
    read_progress,
    record_finished,
    record_progress,
)
from gcbridge.workspace.stack_files import lock_digest, restore_lock


@dataclass(frozen=True)
class _Apply:
    """One apply in progress: what is applied, where, and with which Terraform."""

    rooms: Rooms
    bridge: Bridge
    bundle: PlanBundle
    folder: Path
    rendered: RenderedStacks
    runs: StackRuns


def find_bundle(rooms: Rooms, environment: str, bundle_folder: Path | None = None) -> tuple[PlanBundle, Path]:
    """The bundle that apply would take: the given one, or the environment's newest.

    Raises:
        RefusedError: nothing was planned; or the newest plan removes everything, and nobody named it.
        PlanOutdatedError: a plan file was changed or is missing.
    """
    folder = bundle_folder or newest_bundle(rooms.workspace.plans_folder(environment))
    if folder is None:
        raise RefusedError(f"nothing was planned for {environment} yet", hint=f"gcbridge plan {environment}")
    bundle = read_bundle(folder)
    if bundle.destroy and bundle_folder is None:
        raise RefusedError(
            f"the newest plan of {environment} removes everything",
            where=str(folder),
            hint=f"to go on: gcbridge apply {environment} --bundle {folder}; otherwise: gcbridge plan {environment}",
        )
    return bundle, folder


def apply(
    rooms: Rooms,
    environment: Environment,
    bundle_folder: Path | None = None,
    *,
    allow_destroy: Sequence[str] = (),
) -> ApplyResult:
    """Apply a plan bundle, that one and nothing else; a second try after a failure finishes the job.

    Order: the Genesys stack, until the integration is ACTIVE and AWS shows the source; then the AWS stack, until
    the source is ACTIVE. A bundle that removes everything goes the other way round.

    Args:
        rooms: doors to the outside.
        environment: must be what it was when the bundle was made.
        bundle_folder: which bundle; the newest where None.
        allow_destroy: addresses of what may be lost, besides those that the bundle was planned with.

    Raises:
        RefusedError: nothing was planned, the bundle was applied already, or the credentials belong to another
            organization or account; or a queue that would go has got messages since the plan.
        AwsError: no credentials, or AWS cannot be reached; nothing was changed.
        GcbridgeError: the secret of an API destination is missing; nothing was changed.
        GenesysError: the same of Genesys Cloud.
        PlanOutdatedError: environment, templates, modules or plan files have changed since.
        TerraformError: Terraform's own diagnostics.
        WaitTimeoutError: the two clouds did not agree in time.
    """
    bundle, folder = find_bundle(rooms, environment.name, bundle_folder)
    bridge = environment.resolve()
    with environment_lock(rooms.workspace, environment.name, "apply"):
        return _apply_bundle(rooms, environment, bridge, bundle.allowing(allow_destroy), folder)


def _apply_bundle(
    rooms: Rooms, environment: Environment, bridge: Bridge, bundle: PlanBundle, folder: Path
) -> ApplyResult:
    started = time.monotonic()
    rendered = rooms.render(bridge)
    digests = {stack: rendered.of(stack).digest for stack in StackName}
    check_still_current(bundle, environment.name, environment.digest, digests)
    _check_unused(bundle, folder)
    prefetch()
    _check_identities(rooms, bridge)
    if not bundle.destroy:
        check_connection_secrets(rooms, bridge, rooms.open_aws(bridge.aws))
    _check_losses(rooms, bridge, bundle, folder)
    work = _Apply(rooms, bridge, bundle, folder, rendered, open_stacks(rooms, bridge, rendered))
    waits = _remove(work) if bundle.destroy else _provide(work)
    outputs = {} if bundle.destroy else _outputs(work)
    record_finished(folder)
    return ApplyResult(
        environment=environment.name,
        bundle_id=bundle.id,
        outputs=outputs,
        changed=tuple(change.address for summary in bundle.summaries for change in summary.changes),
        waits=waits,
        seconds=round(time.monotonic() - started, 2),
    )


def _check_identities(rooms: Rooms, bridge: Bridge) -> None:
    """Terraform looked when it planned, perhaps with other credentials; a saved plan does not look again."""
    check_account(rooms.open_aws(bridge.aws), bridge)
    check_organization(rooms.open_genesys(bridge.organization), bridge)


def _check_losses(rooms: Rooms, bridge: Bridge, bundle: PlanBundle, folder: Path) -> None:
    """Queues are counted again: messages may have come since the plan."""
    progress = read_progress(folder)
    guard_losses(
        rooms,
        bridge,
        bundle.summaries,
        Asking(
            environment=bundle.environment,
            subject=f"plan bundle {bundle.id}",
            command=f"gcbridge apply {bundle.environment} --bundle {folder}",
        ),
        done=[stack for stack in StackName if progress.of(stack) == "applied"],
        whole=bundle.destroy,
        named=bundle.allow_destroy,
    )


def _check_unused(bundle: PlanBundle, folder: Path) -> None:
    if read_progress(folder).finished:
        raise RefusedError(
            f"plan bundle {bundle.id} was applied already", hint=f"gcbridge plan {bundle.environment}"
        )


def _provide(work: _Apply) -> tuple[Wait, ...]:
    _apply_stack(work, StackName.GENESYS)
    aws = work.rooms.open_aws(work.bridge.aws)
    waits = [
        wait_for_active_integration(
            work.rooms.open_genesys(work.bridge.organization), work.bridge, work.rooms.watch
        ),
        wait_for_event_source(aws, work.bridge, work.rooms.watch),
    ]
    try:
        _apply_stack(work, StackName.AWS)
    except TerraformError:
        restore_connection_secrets(work.rooms, work.bridge, aws)
        raise
    set_connection_secrets(work.rooms, work.bridge, aws)
    waits.append(wait_for_active_source(aws, work.bridge, work.rooms.watch))
    return tuple(waits)


def _remove(work: _Apply) -> tuple[Wait, ...]:
    """The bus goes first: Terraform cannot remove it in peace once its source is gone."""
    aws = work.rooms.open_aws(work.bridge.aws)
    genesys = work.rooms.open_genesys(work.bridge.organization)
    sweep_leftovers(work.rooms, work.bridge, aws, genesys)
    _apply_stack(work, StackName.AWS)
    _apply_stack(work, StackName.GENESYS)
    return (wait_for_no_source(aws, work.bridge, work.rooms.watch),)


def _apply_stack(work: _Apply, stack: StackName) -> None:
    planned = work.bundle.of(stack)
    progress = read_progress(work.folder).of(stack)
    if progress == "applied":
        work.rooms.watch(Progress(f"apply {stack}", "note", "applied by an earlier try"))
        return
    if planned.has_changes:
        _run_apply(work, stack, planned, resume=progress == "started")
    record_progress(work.folder, stack, "applied")


def _run_apply(work: _Apply, stack: StackName, planned: PlannedStack, *, resume: bool) -> None:
    started = time.monotonic()
    subject = f"apply {stack}"
    work.rooms.watch(Progress(subject, "started", "continuing" if resume else "applying"))
    _initialize(work, stack)
    plan_file = _continuation(work, stack, planned) if resume else work.folder / planned.plan_file
    record_progress(work.folder, stack, "started")
    try:
        work.runs.stacks[stack].apply(plan_file)
    except PlanOutdatedError:
        # Terraform refused before it did anything. What was not started cannot be continued.
        record_progress(work.folder, stack, "started" if resume else "untouched")
        raise
    work.rooms.watch(Progress(subject, "finished", "applied", time.monotonic() - started))


def _initialize(work: _Apply, stack: StackName) -> None:
    """With exactly the providers of the plan, which may have been made on another machine."""
    planned = work.bundle.of(stack)
    folder = work.rooms.stack_folder(work.bridge, stack)
    restore_lock(folder, work.folder / lock_file(stack))
    work.runs.stacks[stack].init()
    if planned.lock_sha256 and lock_digest(folder) != planned.lock_sha256:
        raise PlanOutdatedError(
            f"the {stack} stack would be applied with other providers than it was planned with",
            where=str(folder / ".terraform.lock.hcl"),
            hint=f"gcbridge plan {work.bundle.environment}",
        )


def _continuation(work: _Apply, stack: StackName, planned: PlannedStack) -> Path:
    """Terraform calls the saved plan stale once any of it was applied: plan what is left, if it is part of it."""
    run = work.runs.stacks[stack]
    left_file = work.folder / f"{stack}.left.tfplan"
    run.plan(left_file, destroy=work.bundle.destroy)
    left = summarize_plan(run.show(left_file), stack)
    check_continues(work.bundle, planned.summary, left)
    done = len(planned.summary.changes) - len(left.changes)
    total = len(planned.summary.changes)
    work.rooms.watch(
        Progress(f"apply {stack}", "note", f"{done} of {total} reviewed changes are done, applying the rest")
    )
    return left_file


def _outputs(work: _Apply) -> dict[str, dict[str, object]]:
    """A stack without changes was not initialized here; where the plan was made elsewhere, never."""

    def read(stack: StackName, run: Terraform) -> dict[str, object]:
        if not run.is_initialized:
            _initialize(work, stack)
        return {name: out.value for name, out in run.output().items() if not out.sensitive}

    return {stack.value: outputs for stack, outputs in work.runs.side_by_side(read).items()}
