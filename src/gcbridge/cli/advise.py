"""The command advise: which of the three event models fits."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError
from rich.prompt import Prompt

from gcbridge.cli.advice_printing import print_advice
from gcbridge.cli.console import stderr_console, stdout_console
from gcbridge.cli.context import JsonFlag, Session, session_of
from gcbridge.cli.printing import print_model
from gcbridge.errors import ExitCode, UsageError
from gcbridge.model.advice import Advice, Consumer, Need
from gcbridge.workflows.advise import advise_on, answers_to, asked, keep_as_blueprint

DurabilityChoice = Literal["may-miss", "fill-gaps", "keep-all"]
"""Durability as options are typed."""
OPTIONS = {"aws_account": "--aws", "topics": "--topic", "latency_seconds": "--latency"}
"""Options that are called otherwise than the part of the need that they say."""


def advise_command(
    context: typer.Context,
    *,
    consumer: Annotated[
        Consumer | None,
        typer.Option(help="Who uses the events: a screen, a service, Genesys Cloud itself."),
    ] = None,
    durability: Annotated[
        DurabilityChoice | None, typer.Option(help="What may happen to events while the consumer is away.")
    ] = None,
    aws: Annotated[
        Literal["yes", "no"] | None, typer.Option(help="Whether there is an AWS account to receive in.")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Topic template; repeatable.")] = None,
    events_per_second: Annotated[
        float | None, typer.Option(help="Events a second at the busiest time.")
    ] = None,
    objects: Annotated[
        int | None, typer.Option(help="How many queues, users, ... the topics are about.")
    ] = None,
    latency: Annotated[
        float | None, typer.Option(help="Seconds from the change to the consumer that are soon enough.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option("--environment", "-e", metavar="ENV", help="Whose organization's topics count too."),
    ] = None,
    blueprint: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Keep what an environment says for it as blueprints/NAME, for gcbridge init."
        ),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Say which fits what a consumer needs: notification service, EventBridge or event orchestration, and why; offline."""
    told: dict[str, Any] = {
        "consumer": consumer,
        "durability": durability.replace("-", "_") if durability else None,
        "aws_account": None if aws is None else aws == "yes",
    }
    need = _need(
        {key: _answer(key, question, told[key]) for key, question in asked().items()},
        topics=topic or (),
        events_per_second=events_per_second,
        objects=objects,
        latency_seconds=latency,
    )
    session = session_of(context)
    advice = advise_on(session.workspace, need, environment)
    if json_:
        print_model(advice)
    else:
        print_advice(stdout_console(), advice)
    if blueprint:
        _keep(session, advice, blueprint)
    if advice.chosen is None:
        raise typer.Exit(ExitCode.FAILED)


def _keep(session: Session, advice: Advice, name: str) -> None:
    folder = keep_as_blueprint(session.workspace, advice, name)
    out = stderr_console()
    out.print(f"[green]✓[/] wrote {session.workspace.shown(folder)}", highlight=False)
    out.print(f"  next: gcbridge init ENV --blueprint {name}", highlight=False)


def _answer(key: str, question: str, told: str | bool | None) -> str | bool:
    """What was typed, or what a person at a terminal says now."""
    if told is not None:
        return told
    if not sys.stdin.isatty():
        option = OPTIONS.get(key, f"--{key}")
        raise UsageError(f"nobody is there to answer: {question}", hint=f"give {option}")
    answers = list(answers_to(key).items())
    out = stderr_console()
    out.print(f"[bold]{question}[/]")
    for number, (says, _) in enumerate(answers, 1):
        out.print(f"  {number}  {says}", highlight=False)
    numbers = [str(number) for number in range(1, len(answers) + 1)]
    chosen = Prompt.ask("Number", choices=numbers, show_choices=False, console=out)
    return answers[int(chosen) - 1][1]


def _need(answers: dict[str, str | bool], **measures: Any) -> Need:
    try:
        return Need.model_validate({**answers, **measures})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0])
        what = OPTIONS.get(key, f"--{key.replace('_', '-')}")
        context = first.get("ctx", {})
        raise UsageError(
            f"{what}: {context.get('error', first['msg'])}", hint="gcbridge advise --help"
        ) from error
