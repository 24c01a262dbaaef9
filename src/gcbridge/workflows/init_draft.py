"""What an environment file is going to say: drafted as text, from nothing, a blueprint, another environment, or itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.initialization import InitChoices
from gcbridge.model.origin import KeyPath, dotted, nearest_origin
from gcbridge.study.environment_text import compose_environment, starter_fragment
from gcbridge.study.key_paths import value_at
from gcbridge.workspace.blueprints import BlueprintFiles
from gcbridge.workspace.environment_file import read_environment
from gcbridge.workspace.explained_text import explained
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.yaml_edit import plain_values, set_value

TOPICS: KeyPath = ("genesys", "topics")
ORG_ID: KeyPath = ("genesys", "org_id")
SUFFIX: KeyPath = ("genesys", "event_source_suffix")
GENESYS_REGION: KeyPath = ("genesys", "region")
AWS_REGION: KeyPath = ("aws", "region")
ACCOUNT_ID: KeyPath = ("aws", "account_id")


@dataclass(frozen=True)
class Draft:
    """An environment file before it is written.

    Args:
        workspace: where it will lie.
        name: the environment.
        began: what it said at first.
        text: what it says by now.
        created: whether there was no file.
        other: the environment that it is made from.
        added: what was put into it, besides what it was made from.
    """

    workspace: Workspace
    name: str
    began: str
    text: str
    created: bool
    other: str | None
    added: Mapping[KeyPath, Any]

    @property
    def file(self) -> Path:
        """Where it will lie."""
        return self.workspace.environment_file(self.name)

    def values(self) -> dict[str, Any]:
        """What it says after `extends`.

        Raises:
            EnvironmentInvalidError: it cannot be read.
        """
        return read_environment(self.workspace, self.name, text=self.text).values

    def put(self, path: KeyPath, value: Any) -> Draft:
        """The draft with a value, which is explained when it is written.

        Raises:
            UsageError: there is no place for it.
        """
        text = set_value(self.text, path, value, where=self.workspace.shown(self.file))
        return replace(self, text=text, added={**self.added, path: value})

    def has_own_topics(self) -> bool:
        """Whether topics stand in the file itself."""
        return value_at(plain_values(self.text), TOPICS) is not None

    def explained(self) -> str:
        """What is written: of a new file every key is explained, of a file that somebody wrote what was added."""
        if self.created and self.other is None:
            return explained(self.text, self.values())
        return explained(self.text, self.values(), only=_new_paths(self.added, plain_values(self.began)))


def new_draft(
    workspace: Workspace, name: str, choices: InitChoices, blueprint: BlueprintFiles | None
) -> Draft:
    """A draft of an environment that has no file yet; what is not known stands in it without a value.

    Raises:
        UsageError: the file to extend is missing, or a value has no place.
        EnvironmentMissingError: the environment to make it from is missing.
        EnvironmentInvalidError: a file that is read cannot be read.
    """
    extends = _relative(workspace, choices.extends) if choices.extends else None
    if choices.other:
        draft = _copied(workspace, name, choices.other, extends)
    else:
        draft = _composed(workspace, name, choices, blueprint, extends)
    for path, value in choices.values.items():
        draft = draft.put(path, value)
    return _with_topics(draft, choices.topics)


def existing_draft(workspace: Workspace, name: str, choices: InitChoices) -> Draft:
    """A draft of a file that somebody wrote: what is missing is added, and nothing that it says is changed.

    Raises:
        RefusedError: the file says something else than a choice.
        UsageError: a value has no place.
        EnvironmentInvalidError: the file cannot be read.
    """
    text = workspace.existing_environment_file(name).read_text(encoding="utf-8")
    draft = Draft(workspace, name, text, text, created=False, other=None, added={})
    values = draft.values()
    wanted = dict(choices.values)
    if choices.extends:
        wanted["extends",] = _relative(workspace, choices.extends)
        values = {**plain_values(text), **values}
    if choices.topics and not set(choices.topics) <= set(value_at(values, TOPICS) or ()):
        wanted[TOPICS] = list(choices.topics)
    differing = [path for path, value in wanted.items() if value_at(values, path) not in (None, value)]
    if differing:
        raise _refused(draft, wanted, values, differing)
    for path, value in wanted.items():
        draft = draft if value_at(values, path) == value else draft.put(path, value)
    return draft


def check_source(draft: Draft, choices: InitChoices, blueprint: BlueprintFiles | None) -> None:
    """What an existing file is said to be made from has left something in it.

    Raises:
        RefusedError: nothing of it is there; init adds nothing of it to a file that somebody wrote.
        EnvironmentInvalidError: the other environment cannot be read.
    """
    source, said, again = {}, "", ""
    if blueprint:
        source = plain_values(blueprint.fragment)
        said, again = f"the blueprint {blueprint.name}", f"--blueprint {blueprint.name}"
    elif choices.other and draft.workspace.environment_file(choices.other).exists():
        source = read_environment(draft.workspace, choices.other).values
        said, again = f"environment {choices.other}", f"--from {choices.other}"
    wanted = [(section, name) for section in ("rules", "targets") for name in source.get(section) or ()]
    values = draft.values()
    if not wanted or any(value_at(values, path) is not None for path in wanted):
        return
    shown = draft.workspace.shown(draft.file)
    raise RefusedError(
        f"{shown} exists, and has nothing of {said}",
        detail="\n".join(f"not there: {dotted(path)}" for path in wanted),
        hint=f"leave {again} out to complete {draft.name}, or make another environment: gcbridge init NAME {again}",
    )


def _composed(
    workspace: Workspace,
    name: str,
    choices: InitChoices,
    blueprint: BlueprintFiles | None,
    extends: str | None,
) -> Draft:
    base = read_environment(workspace, name, text=f'extends: "{extends}"\n').values if extends else {}
    top = {"extends": extends} if extends else {}
    header = [f"{name}: one Genesys Cloud organization, one AWS account. Every key: gcbridge env schema"]
    inherited = value_at(base, TOPICS) or []
    # What has topics has rules for them too; a starter would stand in its way.
    fragment = "" if inherited else starter_fragment(choices.topics)
    if blueprint:
        header[0] = f"{name}, from the blueprint {blueprint.name}. Every key: gcbridge env schema"
        top["description"] = blueprint.about.title
        fragment = blueprint.fragment
    own: dict[str, dict[str, str | None]] = {
        "genesys": {"region": None, "org_id": None, "event_source_suffix": name},
        "aws": {"account_id": None, "region": None},
    }
    for path in (GENESYS_REGION, AWS_REGION):
        # Without a value of its own the extended file's stands.
        if value_at(base, path) and path not in choices.values:
            del own[str(path[0])][str(path[1])]
    text = compose_environment(header, fragment, own, top)
    draft = Draft(workspace, name, text, text, created=True, other=None, added={})
    # A list replaces the inherited one, whose rules are still there.
    return _with_topics(draft, inherited)


def _copied(workspace: Workspace, name: str, other: str, extends: str | None) -> Draft:
    text = workspace.existing_environment_file(other).read_text(encoding="utf-8")
    text = re.sub(rf"\bgcbridge init {re.escape(other)}\b", f"gcbridge init {name}", text)
    draft = Draft(workspace, name, text, text, created=True, other=other, added={})
    values = draft.values()
    for path in (ORG_ID, ACCOUNT_ID):
        if value_at(plain_values(draft.text), path):
            draft = draft.put(path, None)
    draft = draft.put(SUFFIX, name)
    if extends:
        draft = draft.put(("extends",), extends)
    if value_at(values, ("description",)):
        draft = draft.put(("description",), f"{name}, made from {other}")
    return replace(draft, added={path: value for path, value in draft.added.items() if value is not None})


def _with_topics(draft: Draft, topics: Sequence[str]) -> Draft:
    there = value_at(draft.values(), TOPICS) or []
    missing = [topic for topic in topics if topic not in there]
    if not missing or not draft.has_own_topics():
        return draft.put(TOPICS, [*there, *missing]) if missing else draft
    for place, topic in enumerate(missing, start=len(there)):
        draft = draft.put((*TOPICS, place), topic)
    return draft


def _relative(workspace: Workspace, file: Path) -> str:
    if not file.is_file():
        raise UsageError(
            f"there is no file {file} to extend",
            where=workspace.shown(file),
            hint="a sandbox's file is written by: gcbridge sandbox up",
        )
    return Path(os.path.relpath(file.resolve(), workspace.environments)).as_posix()


def _new_paths(added: Mapping[KeyPath, Any], before: Mapping[str, Any]) -> set[KeyPath]:
    """Added paths and the sections that came with them."""
    paths = {path[:length] for path in added for length in range(1, len(path) + 1)}
    return {path for path in paths if not _stands_in(before, path)}


def _stands_in(values: Any, path: KeyPath) -> bool:
    holder = value_at(values, path[:-1])
    return path[-1] in holder if isinstance(holder, Mapping) else value_at(values, path) is not None


def _refused(
    draft: Draft, wanted: Mapping[KeyPath, Any], values: Mapping[str, Any], differing: list[KeyPath]
) -> RefusedError:
    origins = read_environment(draft.workspace, draft.name, text=draft.text).origins
    lines = [
        f"{nearest_origin(origins, path)}: {dotted(path)} is {value_at(values, path)!r}, not {wanted[path]!r}"
        for path in differing
    ]
    shown = draft.workspace.shown(draft.file)
    return RefusedError(
        f"{shown} exists, and init changes nothing in it",
        detail="\n".join(lines),
        hint=f"edit {shown}, or leave these options out",
    )
