"""Commands that look before anything is changed: render, validate, plan."""

from __future__ import annotations

from typing import Annotated

import typer

from gcbridge.cli.confirming import AllowDestroy, print_guarded
from gcbridge.cli.console import stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, Session, session_of
from gcbridge.cli.lint_printing import print_lints
from gcbridge.cli.printing import print_json, print_model, print_plan
from gcbridge.errors import EnvironmentInvalidError, ExitCode
from gcbridge.model.lint import LintReport
from gcbridge.workflows.expectations import read_test_events
from gcbridge.workflows.lint import invalid_report, lint_report
from gcbridge.workflows.plan import plan
from gcbridge.workflows.render import render_environment, validate_stacks

DETAILED_EXIT_CHANGES = 2
"""Terraform's own meaning of 2, only behind --detailed-exitcode."""


def render_command(context: typer.Context, name: EnvironmentName, json_: JsonFlag = False) -> None:
    """Write the Terraform of both stacks to .gcbridge/ENV/, offline."""
    session = session_of(context)
    with session.rooms() as rooms:
        rendered, touched = render_environment(rooms, session.environment(name))
    digests = {str(stack.name): stack.digest for stack in (rendered.genesys, rendered.aws)}
    if json_:
        print_json({"digests": digests, "touched": touched})
        return
    for stack in (rendered.genesys, rendered.aws):
        folder = session.workspace.shown(session.workspace.stack_folder(name, stack.name))
        changed = len(touched[str(stack.name)])
        stdout_console().print(
            f"{folder}: {len(stack.files)} files, {changed} changed, digest {stack.digest[:12]}"
        )


def validate_command(
    context: typer.Context,
    name: EnvironmentName,
    terraform: Annotated[
        bool, typer.Option("--terraform", help="Run terraform init and validate on both stacks too.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where there are warnings.")] = False,
    json_: JsonFlag = False,
) -> None:
    """Check an environment and its rendering, offline and without credentials; warn of rules that would match nothing."""
    session = session_of(context)
    try:
        report = _validate(session, name, terraform=terraform)
    except EnvironmentInvalidError as error:
        if json_:
            print_model(invalid_report(name, error))
        raise
    if json_:
        print_model(report)
    else:
        print_lints(report)
    if strict and report.lints:
        raise typer.Exit(ExitCode.FAILED)


def _validate(session: Session, name: str, *, terraform: bool) -> LintReport:
    environment = session.environment(name)
    with session.rooms() as rooms:
        render_environment(rooms, environment)
        read_test_events(session.workspace, environment)
        if terraform:
            validate_stacks(rooms, environment)
    return lint_report(session.workspace, environment)


def plan_command(
    context: typer.Context,
    name: EnvironmentName,
    *,
    json_: JsonFlag = False,
    destroy_: Annotated[bool, typer.Option("--destroy", help="Plan to remove everything.")] = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 2 when there are changes, as Terraform does.")
    ] = False,
    allow_destroy: AllowDestroy = None,
    skip_tests: Annotated[
        bool, typer.Option("--skip-tests", help="Plan even if the environment's tests fail.")
    ] = False,
) -> None:
    """Run the environment's tests, plan both stacks and keep the result as a bundle, which apply takes."""
    session = session_of(context)
    environment = session.environment(name, any_topic=destroy_)
    with session.rooms() as rooms:
        bundle, folder = plan(
            rooms,
            environment,
            destroy=destroy_,
            allow_destroy=allow_destroy or (),
            skip_tests=skip_tests,
        )
    if json_:
        print_model(bundle)
    else:
        print_plan(bundle, session.workspace.shown(folder))
        print_guarded(bundle, stdout_console())
        if bundle.has_changes:
            named = f" --bundle {session.workspace.shown(folder)}" if destroy_ else ""
            stdout_console().print(f"next: gcbridge apply {name}{named}")
    if detailed_exitcode and bundle.has_changes:
        raise typer.Exit(DETAILED_EXIT_CHANGES)
