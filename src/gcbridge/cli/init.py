"""Command that begins an environment: init."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from gcbridge.cli.console import stdout_console
from gcbridge.cli.context import JsonFlag, Session, session_of
from gcbridge.cli.printing import print_json, print_model
from gcbridge.errors import UsageError
from gcbridge.model.initialization import InitChoices, InitResult
from gcbridge.model.origin import KeyPath
from gcbridge.workflows.init import init
from gcbridge.workflows.interview import Interview
from gcbridge.workspace.blueprints import list_blueprints
from gcbridge.workspace.yaml_values import parse_assignments


def init_command(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="ENV", help="Name of an environment, new or not: environments/ENV.yaml."),
    ] = None,
    *,
    blueprint: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Make it from a blueprint, with its functions and events."),
    ] = None,
    other: Annotated[
        str | None,
        typer.Option("--from", metavar="OTHER_ENV", help="Make it from another environment's file."),
    ] = None,
    extends: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File that the environment extends.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PATH=VALUE", help="Set a value of the environment, as YAML; repeatable."
        ),
    ] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Topic template to send; repeatable.")] = None,
    genesys_region: Annotated[
        str | None, typer.Option(help="AWS region code of the organization. Default: GENESYSCLOUD_REGION.")
    ] = None,
    aws_region: Annotated[
        str | None, typer.Option(help="AWS region that receives. Default: AWS_REGION, or the profile's.")
    ] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing; say what is missing.")] = False,
    list_: Annotated[
        bool, typer.Option("--list-blueprints", help="List the blueprints that there are, and end.")
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Make environments/ENV.yaml or complete it: ids are looked up, the rest is asked; then run terraform init."""
    session = session_of(context)
    if list_:
        _print_blueprints(session, json_=json_)
        return
    if name is None:
        raise UsageError("init needs the name of an environment", hint="gcbridge init ENV")
    choices = InitChoices(
        blueprint=blueprint,
        other=other,
        extends=_existing(extends, session),
        values=_regions(genesys_region, aws_region) | parse_assignments(set_ or []),
        topics=tuple(topic or ()),
    )
    with session.rooms() as rooms:
        result = init(rooms, name, choices, None if no_input else _interview())
    if json_:
        print_model(result)
    else:
        _print_result(result)


def _regions(genesys: str | None, aws: str | None) -> dict[KeyPath, str]:
    said = {("genesys", "region"): genesys, ("aws", "region"): aws}
    return {path: region for path, region in said.items() if region}


def _existing(extends: Path | None, session: Session) -> Path | None:
    """As a shell completes it, from the current folder; else from the workspace."""
    if extends is None or extends.is_file():
        return extends.absolute() if extends else None
    return session.workspace.root / extends


def _interview() -> Interview | None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    # Only who is asked pays for the library that asks.
    from gcbridge.cli.interview import TerminalInterview  # noqa: PLC0415

    return TerminalInterview()


def _print_blueprints(session: Session, *, json_: bool) -> None:
    found = list_blueprints(session.workspace)
    if json_:
        print_json([entry.model_dump() for entry in found])
        return
    out = stdout_console()
    width = max((len(entry.name) for entry in found), default=0)
    for entry in found:
        origin = "" if entry.origin == "bundled" else f" [dim]({escape(entry.origin)})[/]"
        out.print(f"{entry.name:{width}}  {escape(entry.title)}{origin}", soft_wrap=True)


def _print_result(result: InitResult) -> None:
    out = stdout_console()
    done = "created" if result.created else "is complete"
    out.print(f"[green]✓[/] {result.file} {done}: {escape(result.organization)}", soft_wrap=True)
    for key, value in result.written.items():
        out.print(f"  wrote {escape(key)}: {escape(str(value))}", soft_wrap=True)
    for file in result.copied:
        out.print(f"  wrote {escape(file)}", soft_wrap=True)
    for file in result.kept:
        out.print(f"  [yellow]kept[/] {escape(file)}: it differs from the blueprint's", soft_wrap=True)
    for warning in result.warnings:
        out.print(f"  [yellow]look at[/] {escape(warning)}", soft_wrap=True)
    if result.tests:
        out.print(f"  {result.tests} {'test passes' if result.tests == 1 else 'tests pass'}")
    out.print(
        f"  both stacks are initialized with Terraform {result.terraform_version}; "
        f"next: gcbridge plan {result.environment}",
        soft_wrap=True,
    )
    if result.commands:
        out.print("  once it is applied:")
        for command in result.commands:
            out.print(f"    {escape(command)}", soft_wrap=True)
