"""The command that runs recorded traffic through the rules: simulate."""

from __future__ import annotations

import math
import sys
from typing import Annotated

import typer

from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_model
from gcbridge.cli.simulate_printing import print_simulation
from gcbridge.errors import ExitCode, UsageError
from gcbridge.model.simulation import SimulationRequest
from gcbridge.workflows.simulate import simulate

SHORTEST_DAYS = 1 / 86_400
"""A second; what is scaled from less overflows at last."""

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="EVENTS...",
        help="Recorded events: files of JSON or JSON Lines, gzip or not; s3://BUCKET/PREFIX; - for what is piped in.",
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against", metavar="ENV", help="Compare, event by event, with the rules of another environment."
    ),
]
AgainstGit = Annotated[
    str | None,
    typer.Option(
        "--against-git", metavar="REVISION", help="Compare with this environment at a git revision."
    ),
]
Prices = Annotated[
    list[str] | None,
    typer.Option(
        "--price", metavar="NAME=USD", help="A price instead of the published one, such as sqs.request=0.36."
    ),
]
PriceFile = Annotated[
    str | None, typer.Option("--prices", metavar="FILE", help="A YAML or JSON file of such prices.")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes that count. Default: one for each core.")]
Days = Annotated[
    float | None,
    typer.Option(help="Days that the events cover. Default: from the first to the last time in them."),
]
IgnoreDamaged = Annotated[
    bool, typer.Option("--ignore-damaged", help="Exit 0 although some of the text is no event.")
]


def simulate_command(
    context: typer.Context,
    name: EnvironmentName,
    files: Files,
    *,
    against: Against = None,
    against_git: AgainstGit = None,
    prices: Prices = None,
    price_file: PriceFile = None,
    days: Days = None,
    workers: Workers = None,
    ignore_damaged: IgnoreDamaged = False,
    json_: JsonFlag = False,
) -> None:
    """Run recorded traffic through the rules: what goes where, what a month costs, what a change would change."""
    if days is not None and not SHORTEST_DAYS <= days < math.inf:  # nan is neither
        raise UsageError(f"--days {days:g} is no time", hint="say how many days the events cover: --days 1")
    session = session_of(context)
    request = SimulationRequest(
        files=tuple(files),
        against_environment=against,
        against_revision=against_git,
        prices=_parsed(prices or []),
        price_file=price_file,
        workers=workers,
        days=days,
    )
    with session.rooms() as rooms:
        found = simulate(rooms, session.environment(name), request, stdin=sys.stdin.buffer)
    if json_:
        print_model(found)
    else:
        print_simulation(found)
    if found.damaged and not ignore_damaged:
        raise typer.Exit(ExitCode.FAILED)


def _parsed(given: list[str]) -> dict[str, float]:
    prices = {}
    for text in given:
        name, _, usd = text.partition("=")
        try:
            prices[name.strip()] = float(usd)
        except ValueError as error:
            raise UsageError(
                f"--price {text} says no price",
                hint="write --price NAME=USD, such as --price sqs.request=0.36",
            ) from error
    return prices
