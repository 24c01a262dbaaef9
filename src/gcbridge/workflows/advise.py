"""advise: which event model fits, answered offline, and kept as a blueprint where that is wanted."""

from __future__ import annotations

from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.advice import Advice, Need
from gcbridge.model.naming import ENVIRONMENT_NAME_PATTERN
from gcbridge.study.advice.advise import advise
from gcbridge.study.advice.blueprint import blueprint_files
from gcbridge.study.advice.choices import CHOICES, QUESTIONS
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import read_catalogue

BLUEPRINTS = "blueprints"


def advise_on(workspace: Workspace, need: Need, environment: str | None = None) -> Advice:
    """Which event model fits a need; no network.

    Args:
        workspace: where the environments are.
        need: what the consumer needs.
        environment: whose organization's topics count too, where they were refreshed.

    Raises:
        EnvironmentMissingError: no such environment.
        GcbridgeError: the environment's file of topics is damaged.
    """
    if environment:
        workspace.existing_environment_file(environment)
    return advise(need, read_catalogue(workspace, environment))


def asked() -> dict[str, str]:
    """The questions whose answers have a table, in order: key in `Need` -> what to ask."""
    return {str(key): question for key, question in QUESTIONS.items()}


def answers_to(question: str) -> dict[str, str | bool]:
    """The answers to a question: as people read them -> as `Need` holds them."""
    return {choice.says: choice.value for choice in CHOICES if choice.question == question}


def keep_as_blueprint(workspace: Workspace, advice: Advice, name: str) -> Path:
    """The fragment of the chosen model as a blueprint of this workspace, whole or not at all.

    Args:
        workspace: where `blueprints/` is.
        advice: what was answered.
        name: of the new blueprint.

    Raises:
        UsageError: the name cannot be a blueprint's.
        RefusedError: there is a blueprint of that name, or no model fits.
    """
    if not ENVIRONMENT_NAME_PATTERN.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a blueprint",
            hint="use 1 to 32 lower-case letters, digits or '-', beginning with a letter",
        )
    folder = workspace.root / BLUEPRINTS / name
    if advice.chosen is None:
        raise RefusedError("no event model fits, so there is nothing to write", hint=advice.next_steps[0])
    if folder.exists():
        raise RefusedError(
            f"there is a blueprint {name} already",
            where=workspace.shown(folder),
            hint="take another name, or remove the folder",
        )
    for file, text in blueprint_files(advice).items():
        write_atomically(folder / file, text)
    return folder
