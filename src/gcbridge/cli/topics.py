"""Commands of the topic catalogue: topics list, search, show, sample, refresh."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_json, print_model
from gcbridge.cli.topic_printing import print_catalogue, print_refresh, print_topic
from gcbridge.errors import UsageError
from gcbridge.model.topic import TopicCatalogue
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.topics import find_topic, list_topics, refresh_topics, sample, search

app = typer.Typer(no_args_is_help=True)

TopicName = Annotated[
    str, typer.Argument(metavar="TOPIC", help="Topic template, such as v2.users.{id}.presence.")
]
EnvironmentOption = Annotated[
    str | None,
    typer.Option("--env", metavar="ENV", help="Count in what topics refresh ENV has written."),
]


@app.command("list")
def list_command(
    context: typer.Context,
    environment: EnvironmentOption = None,
    eventbridge: Annotated[
        bool, typer.Option("--eventbridge", help="Only topics known, or seen, to reach EventBridge.")
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """List the topics that Genesys Cloud can tell of."""
    _print(list_topics(session_of(context).workspace, environment, eventbridge=eventbridge), json_)


@app.command("search")
def search_command(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words, all of which a topic must have.")],
    environment: EnvironmentOption = None,
    json_: JsonFlag = False,
) -> None:
    """Find topics by words in their names, descriptions and fields."""
    _print(search(session_of(context).workspace, text, environment), json_)


@app.command("show")
def show_command(
    context: typer.Context, topic: TopicName, environment: EnvironmentOption = None, json_: JsonFlag = False
) -> None:
    """Show one topic: transports, permissions, and the fields that patterns can ask for."""
    found = find_topic(session_of(context).workspace, topic, environment)
    if json_:
        print_model(found)
    else:
        print_topic(found)


@app.command("sample")
def sample_command(
    context: typer.Context,
    topic: TopicName,
    environment: EnvironmentOption = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Set a value below detail; repeatable."),
    ] = None,
) -> None:
    """Print a sample event of a topic, as EventBridge delivers it, with every field that is known."""
    print_json(sample(session_of(context).workspace, topic, environment, parse_values(set_ or [])))


@app.command("refresh")
def refresh_command(context: typer.Context, name: EnvironmentName, json_: JsonFlag = False) -> None:
    """Ask the organization for its topics and keep them in environments/ENV.topics.json."""
    session = session_of(context)
    environment = load_environment(session.workspace, name, any_topic=True)
    with session.rooms() as rooms:
        done = refresh_topics(rooms, environment)
    if json_:
        print_model(done)
    else:
        print_refresh(done)


def parse_values(assignments: Sequence[str]) -> dict[str, Any]:
    """`PATH=VALUE` texts as a mapping; a value that is JSON is taken as such, anything else as text.

    Raises:
        UsageError: a text is of another form.
    """
    values: dict[str, Any] = {}
    for assignment in assignments:
        path, separator, text = assignment.partition("=")
        if not separator or not path:
            raise UsageError(
                f"{assignment!r} is not of the form PATH=VALUE", hint="--set eventBody.mediaType=CHAT"
            )
        try:
            values[path] = json.loads(text)
        except ValueError:
            values[path] = text
    return values


def _print(catalogue: TopicCatalogue, as_json: bool) -> None:
    """The bodies of all topics together would fill megabytes; `topics show` has them one by one."""
    if as_json:
        print_json(catalogue.model_dump(mode="json", exclude={"topics": {"__all__": {"fields"}}}))
    else:
        print_catalogue(catalogue)
