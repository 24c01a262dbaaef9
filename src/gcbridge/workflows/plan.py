"""plan: render both stacks, plan both at once, keep the result as one bundle."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gcbridge.model.bridge import Bridge
from gcbridge.model.plan import GuardedChange, PlanBundle, PlannedStack
from gcbridge.model.progress import Progress
from gcbridge.model.stack import RenderedStack, RenderedStacks, StackName
from gcbridge.study.destroy_guard import Asking
from gcbridge.study.plan_summary import summarize_plan
from gcbridge.study.trigger_notes import replaced_trigger_notes
from gcbridge.terraform.runner import Terraform
from gcbridge.version import VERSION
from gcbridge.workflows.connection_secrets import tell_connection_secrets
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.expectations import require_passing_tests
from gcbridge.workflows.lint import lint_report, note_lints
from gcbridge.workflows.losses import guard_losses
from gcbridge.workflows.rooms import Rooms, utc_now
from gcbridge.workflows.stack_runs import StackRuns, open_stacks
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.plan_bundles import (
    lock_file,
    new_bundle_id,
    plan_file,
    sha256_of,
    write_bundle,
    write_show,
)
from gcbridge.workspace.stack_files import keep_lock, lock_digest


@dataclass(frozen=True, slots=True)
class _Intent:
    """What is asked for, besides the environment as it is written."""

    destroy: bool
    allow_destroy: tuple[str, ...]
    asking: Asking


def plan(
    rooms: Rooms,
    environment: Environment,
    *,
    destroy: bool = False,
    allow_destroy: Sequence[str] = (),
    skip_tests: bool = False,
    command: str = "",
) -> tuple[PlanBundle, Path]:
    """Plan both stacks of an environment, before either is applied; its tests have to pass first.

    Args:
        rooms: doors to the outside.
        environment: what to plan.
        destroy: plan the removal of everything.
        allow_destroy: addresses of what may be lost.
        skip_tests: plan whatever the environment's tests say. To remove everything, they are never asked.
        command: what was typed, to be typed again after a refusal; `gcbridge plan` where empty.

    Returns:
        The bundle, and the folder that holds it.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
        TerraformError: a stack could not be planned; no bundle is left behind.
        RefusedError: a test failed; another command works on the environment; or the plan would lose something that
            `allow_destroy` does not name, and no bundle is left behind either.
    """
    bridge = environment.resolve()
    if not destroy:
        note_lints(rooms.watch, lint_report(rooms.workspace, environment).lints)
        _check_tests(rooms, environment, skip=skip_tests)
    name = environment.name
    asking = Asking(
        environment=name,
        subject=f"the plan {'to remove' if destroy else 'of'} {name}",
        command=command or f"gcbridge plan {name}{' --destroy' if destroy else ''}",
    )
    intent = _Intent(destroy, tuple(dict.fromkeys(allow_destroy)), asking)
    with environment_lock(rooms.workspace, environment.name, "destroy" if destroy else "plan"):
        return _plan(rooms, environment, bridge, intent)


def _check_tests(rooms: Rooms, environment: Environment, *, skip: bool) -> None:
    if not skip:
        require_passing_tests(rooms.workspace, environment, rooms.watch)
    elif environment.spec.tests:
        rooms.watch(Progress("test", "note", "skipped, as asked"))


def _plan(rooms: Rooms, environment: Environment, bridge: Bridge, intent: _Intent) -> tuple[PlanBundle, Path]:
    rendered = rooms.render(bridge)
    now = utc_now()
    digest = hashlib.sha256(f"{rendered.genesys.digest}{rendered.aws.digest}{now}".encode()).hexdigest()
    bundle_id = new_bundle_id(now, digest)
    folder = rooms.workspace.plans_folder(environment.name) / bundle_id
    folder.mkdir(parents=True)
    try:
        runs = open_stacks(rooms, bridge, rendered)
        planned = runs.side_by_side(_planner(rooms, bridge, rendered, folder, intent.destroy))
        bundle = PlanBundle(
            id=bundle_id,
            environment=environment.name,
            environment_digest=environment.digest,
            destroy=intent.destroy,
            created_at=now.isoformat(timespec="seconds"),
            gcbridge_version=VERSION,
            terraform_version=runs.binary.version,
            provider_versions=_provider_versions(runs),
            genesys=planned[StackName.GENESYS],
            aws=planned[StackName.AWS],
            guarded=_guard(rooms, bridge, planned, intent),
            allow_destroy=intent.allow_destroy,
        )
        write_bundle(folder, bundle)
        for note in replaced_trigger_notes(bundle.summaries):
            rooms.watch(Progress("plan", "note", note))
        if not intent.destroy:
            tell_connection_secrets(rooms, bridge)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return bundle, folder


def plan_stack(
    run: Terraform, rendered: RenderedStack, stack_folder: Path, bundle_folder: Path, *, destroy: bool
) -> PlannedStack:
    """Initialize, plan and summarize one stack into a bundle's folder.

    Raises:
        TerraformError: Terraform's own diagnostics.
    """
    run.init()
    out = bundle_folder / plan_file(rendered.name)
    has_changes = run.plan(out, destroy=destroy)
    show = run.show(out)
    write_show(bundle_folder, rendered.name, show)
    keep_lock(stack_folder, bundle_folder / lock_file(rendered.name))
    return PlannedStack(
        stack_digest=rendered.digest,
        plan_file=out.name,
        plan_sha256=sha256_of(out),
        lock_sha256=lock_digest(stack_folder),
        has_changes=has_changes,
        summary=summarize_plan(show, rendered.name),
    )


def _guard(
    rooms: Rooms, bridge: Bridge, planned: Mapping[StackName, PlannedStack], intent: _Intent
) -> tuple[GuardedChange, ...]:
    summaries = [planned[stack].summary for stack in StackName]
    return guard_losses(
        rooms, bridge, summaries, intent.asking, whole=intent.destroy, named=intent.allow_destroy
    )


def _planner(
    rooms: Rooms, bridge: Bridge, rendered: RenderedStacks, folder: Path, destroy: bool
) -> Callable[[StackName, Terraform], PlannedStack]:
    def work(stack: StackName, run: Terraform) -> PlannedStack:
        started = time.monotonic()
        subject = f"plan {stack}"
        rooms.watch(Progress(subject, "started", "planning"))
        planned = plan_stack(
            run, rendered.of(stack), rooms.stack_folder(bridge, stack), folder, destroy=destroy
        )
        count = len(planned.summary.changes)
        message = f"{count} resources would change" if count != 1 else "1 resource would change"
        rooms.watch(Progress(subject, "finished", message, time.monotonic() - started))
        return planned

    return work


def _provider_versions(runs: StackRuns) -> dict[str, str]:
    versions: dict[str, str] = {}
    for run in runs.stacks.values():
        versions.update(run.provider_versions())
    return dict(sorted(versions.items()))
