"""The use cases as Python functions; the command line calls the same workflows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gcbridge.model.bridge import Bridge
from gcbridge.model.expectation import ExpectationReport
from gcbridge.model.plan import PlanBundle
from gcbridge.model.progress import Progress, Watcher, watch_nothing
from gcbridge.model.proof import CauseName
from gcbridge.model.result import ApplyResult, VerificationReport
from gcbridge.model.route import EventRoute
from gcbridge.model.stack import RenderedStacks
from gcbridge.workflows import apply as apply_workflow
from gcbridge.workflows import destroy as destroy_workflow
from gcbridge.workflows import environment as environment_workflow
from gcbridge.workflows import expectations as expectations_workflow
from gcbridge.workflows import plan as plan_workflow
from gcbridge.workflows import route as route_workflow
from gcbridge.workflows import verify as verify_workflow
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.proof.choices import Choices
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.verify_reports import ReportFiles, check_key, write_reports
from gcbridge.workspace.layout import Workspace, find_workspace


def load_environment(
    name: str, *, workspace: Path | str | None = None, any_topic: bool = False
) -> Environment:
    """Read and check `environments/<name>.yaml`; needs no network and no credential.

    Args:
        name: the environment.
        workspace: folder that holds `environments/`; found upwards from the current folder where None.
        any_topic: let topics pass that are unknown or do not reach EventBridge, so that what was applied with
            them can still be looked at and destroyed.

    Raises:
        EnvironmentMissingError: no such environment.
        EnvironmentInvalidError: every problem at once, each with file and line.
    """
    return environment_workflow.load_environment(_workspace(workspace), name, any_topic=any_topic)


def resolve(environment: Environment) -> Bridge:
    """Everything about the bridge, decided from the file alone.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet; `gcbridge init` writes them.
    """
    return environment.resolve()


def render(environment: Environment, *, workspace: Path | str | None = None) -> RenderedStacks:
    """Both Terraform root modules as text; nothing is written, and equal input gives equal bytes everywhere.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
        GcbridgeError: a template of the workspace is broken.
    """
    return _rooms(workspace, watch_nothing).render(environment.resolve())


def plan(
    environment: Environment,
    *,
    destroy: bool = False,
    allow_destroy: Sequence[str] = (),
    skip_tests: bool = False,
    workspace: Path | str | None = None,
    watch: Watcher = watch_nothing,
) -> PlanBundle:
    """Run the environment's tests and plan both stacks; the bundle stays in `.gcbridge/<environment>/plans/<id>`.

    Args:
        environment: what to plan.
        destroy: plan to remove everything.
        allow_destroy: addresses of what may be lost.
        skip_tests: plan even if a test fails.
        workspace: see `load_environment`.
        watch: is told what goes on.

    Raises:
        TerraformError: Terraform's own diagnostics.
        RefusedError: a test failed, or the plan would lose something that `allow_destroy` does not name.

    IAM actions and Genesys permissions: those to read what the bridge holds.
    """
    bundle, _ = plan_workflow.plan(
        _rooms(workspace, watch),
        environment,
        destroy=destroy,
        allow_destroy=allow_destroy,
        skip_tests=skip_tests,
    )
    return bundle


def route(
    environment: Environment, events: Iterable[Mapping[str, Any]], *, keep_source: bool = False
) -> Iterator[EventRoute]:
    """Which rules and targets events would reach, and why not the rest; offline, one by one.

    Args:
        environment: whose rules.
        events: EventBridge events; `detail-type` and `detail` are enough.
        keep_source: take them literally; otherwise each is taken for one of this bridge.

    Raises:
        InvalidPatternError: EventBridge would refuse the pattern of a rule.
    """
    return route_workflow.route_events(environment, events, keep_source=keep_source)


def run_tests(environment: Environment, *, workspace: Path | str | None = None) -> ExpectationReport:
    """Run the tests of an environment, offline; a test that fails is a result, no exception.

    Args:
        environment: whose tests.
        workspace: see `load_environment`.

    Raises:
        EnvironmentInvalidError: an event file is missing or holds something else than one event.
    """
    return expectations_workflow.run_tests(_workspace(workspace), environment)


def apply(
    environment: Environment,
    bundle: PlanBundle | None = None,
    *,
    allow_destroy: Sequence[str] = (),
    workspace: Path | str | None = None,
    watch: Watcher = watch_nothing,
) -> ApplyResult:
    """Apply exactly this bundle, or refuse; after a failure the same call finishes the job.

    Args:
        environment: must be as it was when the bundle was planned.
        bundle: what to apply; the newest of the environment where None.
        allow_destroy: addresses of what may be lost, besides those that the bundle was planned with.
        workspace: see `load_environment`.
        watch: is told what goes on.

    Raises:
        RefusedError: nothing was planned, or the bundle was applied already.
        PlanOutdatedError: something changed since it was planned.
        TerraformError: Terraform's own diagnostics.
        WaitTimeoutError: the two clouds did not agree in time.

    IAM actions: docs/permissions.md. Genesys permissions: integrations:integration:{add,edit,delete,view}.
    """
    rooms = _rooms(workspace, watch)
    folder = rooms.workspace.plans_folder(environment.name) / bundle.id if bundle else None
    return apply_workflow.apply(rooms, environment, folder, allow_destroy=allow_destroy)


def verify(
    environment: Environment,
    *,
    cause: CauseName | None = None,
    count: int | None = None,
    timeout_seconds: int | None = None,
    max_latency: float | None = None,
    witness: bool | None = None,
    read_only: bool = False,
    workspace: Path | str | None = None,
    watch: Watcher = watch_nothing,
) -> VerificationReport:
    """Look at every link of the bridge and let real events prove them; a broken link is a result, no exception.

    A verification that passes with real events writes `evidence/<environment>.json`.

    Args:
        environment: what to verify.
        cause: instead of `verify.cause`.
        count: instead of `verify.count`.
        timeout_seconds: instead of `verify.timeout_seconds`.
        max_latency: instead of `verify.max_latency`; seconds.
        witness: instead of `verify.witness`.
        read_only: create and change nothing; events are told by counters only.
        workspace: see `load_environment`.
        watch: is told what goes on.

    Raises:
        UsageError: the cause is presence, and the environment names no user; or `read_only` with something that creates.

    IAM actions and Genesys permissions: docs/permissions.md.
    """
    choices = Choices(
        cause=cause,
        count=count,
        timeout_seconds=timeout_seconds,
        max_latency=max_latency,
        witness=witness,
    )
    rooms = _rooms(workspace, watch)
    check_key(rooms)
    report = verify_workflow.verify(rooms, environment, choices, read_only=read_only)
    for failure in write_reports(rooms, environment, report, ReportFiles()):
        watch(Progress("evidence", "failed", f"{failure.summary}: {failure.where}"))
    return report


def destroy(
    environment: Environment,
    *,
    allow_destroy: Sequence[str] = (),
    workspace: Path | str | None = None,
    watch: Watcher = watch_nothing,
) -> ApplyResult:
    """Remove the bridge from both clouds without asking.

    Args:
        environment: what to remove.
        allow_destroy: addresses of queues that may go with the messages they hold.
        workspace: see `load_environment`.
        watch: is told what goes on.

    Raises:
        RefusedError: a queue holds messages, and `allow_destroy` does not name it.
        TerraformError: Terraform's own diagnostics; the same call goes on from there.
    """
    rooms = _rooms(workspace, watch)
    return destroy_workflow.destroy(rooms, environment, confirm=lambda _: True, allow_destroy=allow_destroy)


def _workspace(folder: Path | str | None) -> Workspace:
    return Workspace(Path(folder).resolve()) if folder else find_workspace(Path.cwd())


def _rooms(folder: Path | str | None, watch: Watcher) -> Rooms:
    return Rooms(_workspace(folder), os.environ, watch)
