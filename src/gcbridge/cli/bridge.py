"""Commands that make a bridge: init, render, validate, plan, apply, destroy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, Session, session_of
from gcbridge.cli.lint_printing import print_lints
from gcbridge.cli.printing import print_apply, print_counts, print_json, print_model, print_plan
from gcbridge.cli.starter import starter_text
from gcbridge.errors import EnvironmentInvalidError, ExitCode, RefusedError
from gcbridge.model.lint import LintReport
from gcbridge.model.plan import PlanBundle
from gcbridge.workflows.apply import apply, find_bundle
from gcbridge.workflows.destroy import destroy
from gcbridge.workflows.expectations import read_test_events
from gcbridge.workflows.init import init
from gcbridge.workflows.lint import invalid_report, lint_report
from gcbridge.workflows.plan import plan
from gcbridge.workflows.render import render_environment, validate_stacks

DETAILED_EXIT_CHANGES = 2
"""Terraform's own meaning of 2, only behind --detailed-exitcode."""

AllowDestroy = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-destroy",
        metavar="ADDRESS",
        help="Let this resource go with what it holds; its address as the plan prints it; repeatable.",
    ),
]


def init_command(
    context: typer.Context,
    name: EnvironmentName,
    genesys_region: Annotated[
        str | None, typer.Option(help="For a new file: AWS region code of the Genesys Cloud organization.")
    ] = None,
    aws_region: Annotated[str | None, typer.Option(help="For a new file: AWS region that receives.")] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="For a new file: topic template; repeatable.")
    ] = None,
) -> None:
    """Look up organization and account, write them into environments/ENV.yaml, and run terraform init."""
    session = session_of(context)
    starter = starter_text(name, genesys_region, aws_region, topic or [])
    with session.rooms() as rooms:
        result = init(rooms, name, starter=starter)
    out = stdout_console()
    file = session.workspace.shown(result.file)
    out.print(f"[green]✓[/] {file} {'created' if result.created else 'is complete'}: {result.organization}")
    for key, value in result.written.items():
        out.print(f"  wrote {key}: {value}")
    out.print(
        f"  both stacks are initialized with Terraform {result.terraform_version}; next: gcbridge plan {name}"
    )


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
        _print_guarded(bundle, stdout_console())
        if bundle.has_changes:
            named = f" --bundle {session.workspace.shown(folder)}" if destroy_ else ""
            stdout_console().print(f"next: gcbridge apply {name}{named}")
    if detailed_exitcode and bundle.has_changes:
        raise typer.Exit(DETAILED_EXIT_CHANGES)


def apply_command(
    context: typer.Context,
    name: EnvironmentName,
    bundle: Annotated[
        Path | None, typer.Option(help="Folder of a plan bundle. Default: the environment's newest.")
    ] = None,
    json_: JsonFlag = False,
    allow_destroy: AllowDestroy = None,
) -> None:
    """Apply exactly the planned bundle, or refuse."""
    session = session_of(context)
    environment = session.environment(name, any_topic=True)
    with session.rooms() as rooms:
        planned, folder = find_bundle(rooms, name, bundle.resolve() if bundle else None)
        if not json_:
            print_counts(planned)
        result = apply(rooms, environment, folder, allow_destroy=allow_destroy or ())
    if json_:
        print_model(result)
    else:
        print_apply(result, "destroyed" if planned.destroy else "applied")


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

    def confirm(bundle: PlanBundle) -> bool:
        # Beside JSON, whatever belongs to the question is talk.
        out = stderr_console() if json_ else stdout_console()
        if auto_approve and not json_:
            _print_guarded(bundle, out)
        return auto_approve or _confirmed(session, bundle, out)

    with session.rooms() as rooms:
        result = destroy(rooms, environment, confirm=confirm, allow_destroy=allow_destroy or ())
    if json_:
        print_model(result)
    else:
        print_apply(result, "destroyed")


def _confirmed(session: Session, bundle: PlanBundle, out: Console) -> bool:
    name = bundle.environment
    if not sys.stdin.isatty():
        raise RefusedError("nobody is there to confirm", hint=f"gcbridge destroy {name} --auto-approve")
    folder = session.workspace.plans_folder(name) / bundle.id
    print_plan(bundle, session.workspace.shown(folder), out)
    _print_guarded(bundle, out)
    answer: str = typer.prompt(f"Type {name} to destroy it", err=True)
    return answer == name


def _print_guarded(bundle: PlanBundle, out: Console) -> None:
    if not bundle.guarded:
        return
    out.print("[bold red]what goes with it[/] and cannot be brought back:")
    for change in bundle.guarded:
        out.print(f"  {escape(change.address)}: {escape(change.loses)}", soft_wrap=True)
