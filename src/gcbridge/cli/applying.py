"""Commands that change both clouds: apply, destroy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gcbridge.cli.boundary import print_error
from gcbridge.cli.confirming import (
    AllowDestroy,
    print_guarded,
    require_somebody,
    show_bundle,
    typed_name,
)
from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, Session, session_of
from gcbridge.cli.printing import print_apply, print_counts, print_model
from gcbridge.cli.verify_printing import print_report
from gcbridge.errors import ExitCode, GcbridgeError, UsageError
from gcbridge.model.applied_plan import AppliedPlan
from gcbridge.model.plan import PlanBundle
from gcbridge.model.result import ApplyResult, VerificationReport
from gcbridge.workflows.apply import apply, find_bundle
from gcbridge.workflows.destroy import destroy
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.plan_and_apply import plan_and_apply
from gcbridge.workflows.proof.choices import Choices
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.verify import verify
from gcbridge.workflows.verify_reports import ReportFiles, check_key, write_reports


def apply_command(
    context: typer.Context,
    name: EnvironmentName,
    *,
    bundle: Annotated[
        Path | None, typer.Option(help="Folder of a plan bundle. Default: the environment's newest.")
    ] = None,
    plan_: Annotated[
        bool, typer.Option("--plan", help="Plan now, show it, ask, and apply exactly what was shown.")
    ] = False,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="With --plan: do not ask.")] = False,
    skip_tests: Annotated[
        bool, typer.Option("--skip-tests", help="With --plan: plan even if the environment's tests fail.")
    ] = False,
    verify_: Annotated[
        bool, typer.Option("--verify", help="Then prove that events arrive, as verify does; exit 3 if not.")
    ] = False,
    json_: JsonFlag = False,
    allow_destroy: AllowDestroy = None,
) -> None:
    """Apply exactly the planned bundle, or refuse."""
    _check_options(name, bundle, plan=plan_, needs_plan=auto_approve or skip_tests)
    session = session_of(context)
    environment = session.environment(name, any_topic=not plan_)
    with session.rooms() as rooms:
        if verify_:
            check_key(rooms)
        if plan_:
            confirm = _Confirming(session, "apply", auto_approve=auto_approve, json_=json_)
            planned, result = plan_and_apply(
                rooms,
                environment,
                confirm=confirm,
                allow_destroy=allow_destroy or (),
                skip_tests=skip_tests,
            )
        else:
            planned, result = _apply_planned(rooms, environment, bundle, allow_destroy or (), json_=json_)
        if not json_:
            print_apply(result, "destroyed" if planned.destroy else "applied")
        report, failures = _verified(rooms, environment, json_=json_) if verify_ else (None, [])
    if json_:
        whole = AppliedPlan(plan=planned, result=result, verification=report)
        print_model(whole if plan_ or verify_ else result)
    _end_with(report, failures)


def _check_options(name: str, bundle: Path | None, *, plan: bool, needs_plan: bool) -> None:
    if plan and bundle:
        raise UsageError(
            "--plan makes a new plan, --bundle names one that is there",
            hint=f"gcbridge apply {name} --plan, or gcbridge apply {name} --bundle {bundle}",
        )
    if needs_plan and not plan:
        raise UsageError(
            "--auto-approve and --skip-tests belong to --plan: a bundle that is there was tested and looked at",
            hint=f"gcbridge apply {name} --plan --auto-approve, or gcbridge apply {name}",
        )


def _apply_planned(
    rooms: Rooms,
    environment: Environment,
    bundle: Path | None,
    allow_destroy: list[str] | tuple[str, ...],
    *,
    json_: bool,
) -> tuple[PlanBundle, ApplyResult]:
    planned, folder = find_bundle(rooms, environment.name, bundle.resolve() if bundle else None)
    if not json_:
        print_counts(planned)
    return planned, apply(rooms, environment, folder, allow_destroy=allow_destroy)


def _verified(
    rooms: Rooms, environment: Environment, *, json_: bool
) -> tuple[VerificationReport, list[GcbridgeError]]:
    report = verify(rooms, environment, Choices())
    if not json_:
        print_report(report)
    return report, list(write_reports(rooms, environment, report, ReportFiles()))


def _end_with(report: VerificationReport | None, failures: list[GcbridgeError]) -> None:
    for failure in failures:
        print_error(failure)
    if report and report.verdict == "failed":
        raise typer.Exit(ExitCode.VERIFICATION_FAILED)
    if failures:
        raise typer.Exit(ExitCode.FAILED)


def destroy_command(
    context: typer.Context,
    name: EnvironmentName,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")] = False,
    json_: JsonFlag = False,
    allow_destroy: AllowDestroy = None,
) -> None:
    """Remove an environment from both clouds, AWS first."""
    session = session_of(context)
    environment = session.environment(name, any_topic=True)
    confirm = _Confirming(session, "destroy", auto_approve=auto_approve, json_=json_)
    with session.rooms() as rooms:
        result = destroy(rooms, environment, confirm=confirm, allow_destroy=allow_destroy or ())
    if json_:
        print_model(result)
    else:
        print_apply(result, "destroyed")


class _Confirming:
    """Shows a plan and asks; beside JSON, whatever belongs to the question is talk."""

    def __init__(self, session: Session, purpose: str, *, auto_approve: bool, json_: bool) -> None:
        self._session = session
        self._purpose = purpose
        self._auto_approve = auto_approve
        self._json = json_

    def __call__(self, bundle: PlanBundle) -> bool:
        """Whether to go on."""
        out = stderr_console() if self._json else stdout_console()
        if self._auto_approve or not bundle.has_changes:
            self._show_unasked(bundle)
            return True
        option = " --plan" if self._purpose == "apply" else ""
        require_somebody(f"gcbridge {self._purpose} {bundle.environment}{option} --auto-approve")
        show_bundle(self._session, bundle, out)
        return typed_name(bundle.environment, self._purpose)

    def _show_unasked(self, bundle: PlanBundle) -> None:
        """Who has approved of a removal beforehand sees what is lost; of a plan, all of it."""
        if self._json:
            return
        if self._purpose == "apply":
            show_bundle(self._session, bundle, stdout_console())
        else:
            print_guarded(bundle, stdout_console())
