"""init: an environment file that is complete, from nothing or from what is there, then both stacks prepared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gcbridge.atomic import write_atomically
from gcbridge.errors import EnvironmentInvalidError, GenesysError, RefusedError, UsageError
from gcbridge.model.initialization import InitChoices, InitResult
from gcbridge.model.origin import KeyPath, dotted, nearest_origin
from gcbridge.model.progress import Progress
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.copied_environment import Collision, collisions
from gcbridge.study.key_paths import value_at
from gcbridge.study.validate import validate_environment
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.expectations import run_tests
from gcbridge.workflows.init_answers import chosen_topics, with_answers, with_found, with_regions
from gcbridge.workflows.init_draft import (
    ACCOUNT_ID,
    ORG_ID,
    TOPICS,
    Draft,
    check_source,
    existing_draft,
    new_draft,
)
from gcbridge.workflows.init_identities import Identities, greet, look_up, need_credentials
from gcbridge.workflows.interview import Interview
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.schema import write_schema
from gcbridge.workflows.stack_runs import initialize_stacks
from gcbridge.workspace.added_values import add_values, rewrite
from gcbridge.workspace.blueprints import BlueprintFiles, Copied, copy_files, list_blueprints, read_blueprint
from gcbridge.workspace.environment_file import read_environment
from gcbridge.workspace.topic_snapshots import read_catalogue

PLACEHOLDER = re.compile(r"\{environment\}|\bENV\b")
"""Stands for the environment's name in a blueprint's commands."""


@dataclass(frozen=True)
class _Written:
    """What was put on disk."""

    ids: Mapping[str, str] = field(default_factory=dict)
    copied: Copied = field(default_factory=Copied)
    warnings: tuple[str, ...] = ()


def init(
    rooms: Rooms, name: str, choices: InitChoices | None = None, interview: Interview | None = None
) -> InitResult:
    """Make an environment file, or complete the one that is there; then render, and run `terraform init`.

    What a file says already is compared, never replaced. A new file appears whole or not at all; without Genesys
    credentials it appears without ids, to be completed later.

    Args:
        rooms: doors to the outside.
        name: the environment.
        choices: what was said for it.
        interview: who can be asked for the rest; nobody where None.

    Raises:
        UsageError: choices that do not fit together; or values are missing and nobody can be asked, all at once.
        EnvironmentMissingError: the environment to make it from is missing.
        EnvironmentInvalidError: every problem at once; nothing was written.
        RefusedError: the file says something else, or has nothing of what it is said to be made from; the credentials
            belong to another organization or account than it says; a bucket would be made twice; a test of it fails.

    Genesys permissions: none. IAM actions: none (sts:GetCallerIdentity is allowed to everybody).
    """
    choices = choices or InitChoices()
    if choices.other and choices.blueprint:
        raise UsageError(
            "--from and --blueprint both say what the environment is made from",
            hint="take --from and add the blueprint's rules and targets by hand, or take --blueprint",
        )
    draft, blueprint = _drafted(rooms, name, choices, interview)
    spec = _validated(draft)
    _refuse_shared_buckets(rooms, draft, choices.other)
    try:
        identities = look_up(rooms, spec)
    except GenesysError as error:
        _keep_for_later(rooms, draft, blueprint, error)
        raise
    draft = _identified(draft, identities)
    warnings = tuple(map(str, _collisions(rooms, draft, choices.other, identities.account_id)))
    written = _write(rooms, draft, identities, blueprint, warnings)
    return _finish(rooms, draft, blueprint, identities, written)


def _drafted(
    rooms: Rooms, name: str, choices: InitChoices, interview: Interview | None
) -> tuple[Draft, BlueprintFiles | None]:
    workspace = rooms.workspace
    exists = workspace.environment_file(name).exists()
    if interview and not exists:
        need_credentials(rooms)
    if interview and not exists and not (choices.blueprint or choices.other):
        choices = replace(choices, blueprint=interview.choose_blueprint(list_blueprints(workspace)))
    blueprint = read_blueprint(workspace, choices.blueprint) if choices.blueprint else None
    if exists:
        draft = with_found(rooms, existing_draft(workspace, name, choices))
        check_source(draft, choices, blueprint)
        return with_regions(draft, interview), blueprint
    draft = with_regions(with_found(rooms, new_draft(workspace, name, choices, blueprint)), interview)
    if interview:
        draft = _interviewed(rooms, draft, choices, blueprint, interview)
    return with_answers(draft, blueprint.about if blueprint else None, interview), blueprint


def _interviewed(
    rooms: Rooms,
    draft: Draft,
    choices: InitChoices,
    blueprint: BlueprintFiles | None,
    interview: Interview,
) -> Draft:
    """Long questions come after a look at the credentials: with wrong ones their answers would be lost."""
    greet(rooms, draft.values())
    is_starter = not (blueprint or choices.other or choices.topics) and draft.has_own_topics()
    if not is_starter or TOPICS in choices.values:
        return draft
    topics = chosen_topics(rooms, draft.name, interview)
    said = replace(choices, topics=topics, values={**draft.added, **choices.values})
    return new_draft(rooms.workspace, draft.name, said, None)


def _validated(draft: Draft) -> EnvironmentSpec:
    """A file with a mistake would stay and win over the corrected command, so it is not written at all."""
    document = read_environment(draft.workspace, draft.name, text=draft.text)
    catalogue = read_catalogue(draft.workspace, draft.name)
    if not draft.created:
        return validate_environment(draft.name, document.values, document.origins, catalogue)
    try:
        # No origins: there is no file yet to name a line of.
        return validate_environment(draft.name, document.values, {}, catalogue)
    except EnvironmentInvalidError as error:
        hint = f"nothing was written; correct the options of gcbridge init {draft.name} and type it again"
        text = next((problem.key for problem in error.problems if "valid string" in problem.message), "")
        if text:
            hint += f". A number that is text needs quotes of its own: --set '{text}=\"...\"'"
        raise EnvironmentInvalidError(draft.name, error.problems, hint=hint) from error


def _identified(draft: Draft, identities: Identities) -> Draft:
    """The draft of a new file with both ids; what stands there already has to be the same."""
    values = draft.values()
    for path, actual in ((ORG_ID, identities.org_id), (ACCOUNT_ID, identities.account_id)):
        written = value_at(values, path)
        if written and written != actual and (draft.other is None or path in draft.added):
            raise _foreign_credentials(draft, path, written, actual)
        if draft.created and written != actual:
            draft = draft.put(path, actual)
    return draft


def _foreign_credentials(draft: Draft, path: KeyPath, written: str, actual: str) -> RefusedError:
    origins = (
        read_environment(draft.workspace, draft.name, text=draft.text).origins if not draft.created else {}
    )
    return RefusedError(
        f"the credentials belong to {dotted(path)} {actual}, but the environment says {written}",
        where=str(nearest_origin(origins, path) or dotted(path)),
        hint=f"use credentials of {written}, or correct {dotted(path)}",
    )


def _keep_for_later(
    rooms: Rooms, draft: Draft, blueprint: BlueprintFiles | None, error: GenesysError
) -> None:
    """Who has no credentials yet can go on with the file; one that Genesys Cloud refused may name the wrong region."""
    if draft.created and error.where.startswith("environment variable"):
        _write_files(rooms, draft, blueprint)
        note = f"{rooms.workspace.shown(draft.file)} is written, without ids; the same command completes it"
        rooms.watch(Progress("init", "note", note))


def _write(
    rooms: Rooms,
    draft: Draft,
    identities: Identities,
    blueprint: BlueprintFiles | None,
    warnings: tuple[str, ...],
) -> _Written:
    copied = _write_files(rooms, draft, blueprint)
    values = draft.values()
    missing = {
        (str(section), str(key)): actual
        for (section, key), actual in ((ORG_ID, identities.org_id), (ACCOUNT_ID, identities.account_id))
        if not value_at(values, (section, key))
    }
    if missing:
        add_values(draft.file, missing)
    added = {dotted(path): value for path, value in draft.added.items() if value is not None}
    return _Written({**added, **{dotted(path): value for path, value in missing.items()}}, copied, warnings)


def _write_files(rooms: Rooms, draft: Draft, blueprint: BlueprintFiles | None) -> Copied:
    """The environment file comes last: where it is, everything that it names is there too."""
    copied = copy_files(rooms.workspace, blueprint) if blueprint else Copied()
    if draft.created:
        write_schema(rooms.workspace)
        write_atomically(draft.file, draft.explained())
    elif draft.added:
        rewrite(draft.file, draft.explained())
    return copied


def _refuse_shared_buckets(rooms: Rooms, draft: Draft, other: str | None) -> None:
    refused = [collision for collision in _collisions(rooms, draft, other, None) if collision.refused]
    if refused:
        told = " ".join(f"--set {dotted(collision.path)}=NAME" for collision in refused)
        raise RefusedError(
            f"{draft.name} would make buckets that {other} has made",
            detail="\n".join(map(str, refused)),
            hint=f"add {told}" if draft.created else f"edit {rooms.workspace.shown(draft.file)}",
        )


def _collisions(rooms: Rooms, draft: Draft, other: str | None, account_id: str | None) -> list[Collision]:
    """What an environment has in common with the one that it is made from, also where that was begun before."""
    if other is None or other == draft.name or not rooms.workspace.environment_file(other).exists():
        return []
    return collisions(read_environment(rooms.workspace, other).values, draft.values(), account_id)


def _finish(
    rooms: Rooms,
    draft: Draft,
    blueprint: BlueprintFiles | None,
    identities: Identities,
    written: _Written,
) -> InitResult:
    environment = load_environment(rooms.workspace, draft.name)
    bridge = environment.resolve()
    tests = _run_tests(rooms, draft.name)
    rooms.watch(Progress("terraform init", "started", "both stacks"))
    runs = initialize_stacks(rooms, bridge, "init")
    rooms.watch(Progress("terraform init", "finished", "both stacks"))
    commands = blueprint.about.commands if blueprint else ()
    return InitResult(
        environment=draft.name,
        file=rooms.workspace.shown(draft.file),
        created=draft.created,
        organization=identities.organization,
        written=dict(written.ids),
        copied=written.copied.written,
        kept=written.copied.kept,
        warnings=written.warnings,
        tests=tests,
        terraform_version=runs.binary.version,
        commands=tuple(PLACEHOLDER.sub(draft.name, command) for command in commands),
    )


def _run_tests(rooms: Rooms, name: str) -> int:
    report = run_tests(rooms.workspace, load_environment(rooms.workspace, name))
    if report.failures:
        raise RefusedError(
            f"{len(report.failures)} of {len(report.results)} tests of {name} failed",
            where=rooms.workspace.shown(rooms.workspace.environment_file(name)),
            detail="\n".join(
                f"✗ {result.name}: {result.differences[0].message}" for result in report.failures
            ),
            hint=f"the file is written; gcbridge test {name} says more, and gcbridge plan {name} refuses until they pass",
        )
    return len(report.results)
