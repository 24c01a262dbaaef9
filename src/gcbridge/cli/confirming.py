"""What stands between a plan and its application: the plan, what goes with it, and a question."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from gcbridge.cli.context import Session
from gcbridge.cli.printing import print_plan
from gcbridge.errors import RefusedError
from gcbridge.model.plan import PlanBundle

AllowDestroy = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-destroy",
        metavar="ADDRESS",
        help="Let this resource go with what it holds; its address as the plan prints it; repeatable.",
    ),
]


def show_bundle(session: Session, bundle: PlanBundle, out: Console) -> None:
    """The plan, and what goes with it."""
    folder = session.workspace.plans_folder(bundle.environment) / bundle.id
    print_plan(bundle, session.workspace.shown(folder), out)
    print_guarded(bundle, out)


def require_somebody(command: str) -> None:
    """Only a terminal can answer.

    Args:
        command: what to type where there is none.

    Raises:
        RefusedError: standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise RefusedError("nobody is there to confirm", hint=command)


def typed_name(name: str, purpose: str) -> bool:
    """Whether somebody typed the environment's name."""
    answer: str = typer.prompt(f"Type {name} to {purpose} it", err=True)
    return answer == name


def print_guarded(bundle: PlanBundle, out: Console) -> None:
    """What a plan would lose and nobody can bring back."""
    if not bundle.guarded:
        return
    out.print("[bold red]what goes with it[/] and cannot be brought back:")
    for change in bundle.guarded:
        out.print(f"  {escape(change.address)}: {escape(change.loses)}", soft_wrap=True)
