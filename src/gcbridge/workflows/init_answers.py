"""What a draft lacks: found out, asked of a person, or told all at once to whoever typed the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gcbridge.aws.session import configured_region
from gcbridge.errors import EnvironmentInvalidError, UsageError
from gcbridge.model.blueprint import Blueprint, BlueprintQuestion
from gcbridge.model.naming import AWS_REGIONS, GENESYS_DOMAINS
from gcbridge.model.origin import KeyPath, dotted
from gcbridge.study.key_paths import parse_path, value_at, with_value
from gcbridge.study.validate import validate_environment
from gcbridge.workflows.init_draft import AWS_REGION, GENESYS_REGION, SUFFIX, Draft
from gcbridge.workflows.interview import Interview, Question
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.topic_snapshots import read_catalogue
from gcbridge.workspace.yaml_values import parse_value, shown_value

GENESYS_REGION_VARIABLE = "GENESYSCLOUD_REGION"


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that a draft lacks, and how to ask for it."""

    path: KeyPath
    question: Question
    default: Any = None


def with_found(rooms: Rooms, draft: Draft) -> Draft:
    """The draft with what this machine knows: the suffix, and both regions where its variables or profile say them.

    A copy of another environment takes regions that are said here before those that stand there.

    Raises:
        AwsError: AWS_PROFILE names a profile that does not exist.
    """
    found: dict[KeyPath, str | None] = {
        SUFFIX: draft.name,
        GENESYS_REGION: rooms.environ.get(GENESYS_REGION_VARIABLE) or None,
        AWS_REGION: None,
    }
    values = draft.values()
    if draft.other or not value_at(values, AWS_REGION):
        found[AWS_REGION] = configured_region(rooms.environ)
    for path, value in found.items():
        there = value_at(values, path)
        is_taken_over = draft.other is not None and path not in draft.added
        if value and value != there and (not there or is_taken_over):
            draft = draft.put(path, value)
    return draft


def with_regions(draft: Draft, interview: Interview | None) -> Draft:
    """The draft with regions that a person chose; as it is, where nobody can be asked."""
    for gap in _missing_regions(draft) if interview else ():
        draft = draft.put(gap.path, interview.ask(gap.question)) if interview else draft
    return draft


def chosen_topics(rooms: Rooms, name: str, interview: Interview) -> tuple[str, ...]:
    """Topics that a person chose among those that are known here and may reach EventBridge."""
    catalogue = read_catalogue(rooms.workspace, name)
    return interview.choose_topics([topic for topic in catalogue.topics if topic.eventbridge is not False])


def with_answers(draft: Draft, blueprint: Blueprint | None, interview: Interview | None) -> Draft:
    """The draft with everything that had to be asked.

    Raises:
        UsageError: nobody can be asked, and values are missing: all of them at once, with what to type.
    """
    gaps = _missing_answers(draft, blueprint)
    if interview is None:
        _refuse_gaps(draft, [*_missing_regions(draft), *(gap for gap in gaps if gap.default is None)])
    for gap in gaps:
        answer = interview.ask(_checked(draft, gap)) if interview else ""
        value = parse_value(answer) if answer else gap.default
        draft = draft.put(gap.path, value)
    return draft


def _missing_regions(draft: Draft) -> list[Gap]:
    values = draft.values()
    asked = (
        (
            GENESYS_REGION,
            "Region that the Genesys Cloud organization lives in",
            "--genesys-region",
            GENESYS_DOMAINS,
        ),
        (AWS_REGION, "AWS region that receives", "--aws-region", AWS_REGIONS),
    )
    return [
        Gap(path, Question(dotted(path), text, f"{flag} REGION", choices=tuple(sorted(regions))))
        for path, text, flag, regions in asked
        if not value_at(values, path)
    ]


def _missing_answers(draft: Draft, blueprint: Blueprint | None) -> list[Gap]:
    values = draft.values()
    asks = blueprint.asks if blueprint else ()
    gaps = [_gap(ask) for ask in asks]
    # A null that somebody said is an answer.
    return [gap for gap in gaps if gap.path not in draft.added and value_at(values, gap.path) is None]


def _gap(ask: BlueprintQuestion) -> Gap:
    question = Question(
        key=ask.path,
        text=ask.question,
        flag=f"--set {ask.path}=VALUE",
        example="" if ask.example is None else shown_value(ask.example),
        default="" if ask.default is None else shown_value(ask.default),
    )
    return Gap(parse_path(ask.path), question, ask.default)


def _checked(draft: Draft, gap: Gap) -> Question:
    values = draft.values()

    def problem(answer: str) -> str:
        if not answer and gap.default is None:
            return "needs an answer"
        try:
            value = parse_value(answer) if answer else gap.default
            validate_environment(draft.name, with_value(values, gap.path, value), {})
        except UsageError as error:
            return error.summary
        except EnvironmentInvalidError as error:
            mine = (found.message for found in error.problems if found.key.startswith(dotted(gap.path)))
            return next(mine, "")
        return ""

    question = gap.question
    return Question(
        question.key, question.text, question.flag, question.example, question.default, (), problem
    )


def _refuse_gaps(draft: Draft, gaps: Sequence[Gap]) -> None:
    if not gaps:
        return
    count = "1 value" if len(gaps) == 1 else f"{len(gaps)} values"
    names = ", ".join(name for name in draft.workspace.environment_names() if name != draft.name)
    told = [
        f"{gap.question.key}: {gap.question.text}"
        + (f" (such as {gap.question.example})" if gap.question.example else "")
        for gap in gaps
    ]
    raise UsageError(
        f"environment {draft.name} does not exist, and a new one needs {count} more"
        if draft.created
        else f"environment {draft.name} lacks {count}",
        where=draft.workspace.shown(draft.file),
        detail="\n".join([*told, *([f"environments here: {names}"] if names else [])]),
        hint=f"add {' '.join(gap.question.flag for gap in gaps)}",
    )
