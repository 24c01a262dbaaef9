"""Finds what a plan would lose for good, and refuses it unless a person named it.

Which types keep something, and why these: docs/decisions/0004-what-a-plan-may-destroy.md.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gcbridge.errors import RefusedError
from gcbridge.model.plan import AttributeChange, GuardedChange, PlanSummary, ResourceChange
from gcbridge.study.plan_summary import UNKNOWN

INTEGRATION = "genesyscloud_integration"
EVENT_BUS = "aws_cloudwatch_event_bus"
LOG_GROUP = "aws_cloudwatch_log_group"
QUEUE = "aws_sqs_queue"

KEEPERS: Mapping[str, str] = {
    INTEGRATION: "every event until another integration is ACTIVE; Genesys Cloud sends none meanwhile",
    EVENT_BUS: "every event until there is a bus again; what is sent meanwhile is dropped",
    LOG_GROUP: "every event written to it",
    "aws_athena_workgroup": "every query saved in it, and the history of all queries",
    "aws_cloudwatch_event_archive": "every event it keeps; none of them can be replayed any more",
    "aws_dynamodb_table": "every item in it",
    "aws_glue_catalog_database": "every table and view in it, those that others made included",
    "aws_kinesis_firehose_delivery_stream": "events that it has taken and not delivered yet",
    "aws_kinesis_stream": "every record in it, read or not",
    "aws_kms_key": "whatever is encrypted with it, unless the deletion is cancelled in time",
    "aws_s3_bucket": "every object in it",
    "aws_sfn_state_machine": "executions that still run, and the history of all others",
}
"""Resource type -> what goes with it. Queues are not among them: those can be counted."""

SERVICE_LOGS = ("/aws/lambda/", "/aws/kinesisfirehose/", "/ecs/")
"""Beginnings of log group names below which services write about their work; no events are kept there."""

_SENDS_TO = "config[0].properties"
_IDENTITY: Mapping[str, str] = {
    f"{_SENDS_TO}.eventSourceSuffix": "genesys.event_source_suffix",
    f"{_SENDS_TO}.awsAccountId": "aws.account_id",
    f"{_SENDS_TO}.awsAccountRegion": "aws.region",
}
"""Path in an integration -> key of the environment that decides it."""
_PLACES = frozenset({"aws.account_id", "aws.region"})


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How full a queue is.

    Args:
        messages: about how many it holds, those in flight and delayed included; None where that is not known.
        why_unknown: what stood in the way.
        hint: what to do about it.
    """

    messages: int | None
    why_unknown: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to know, for the words of a refusal.

    Args:
        environment: name of the environment.
        subject: what would do it, such as `the plan of dev`.
        command: what was typed, without `--allow-destroy`.
    """

    environment: str
    subject: str
    command: str


def queues_at_stake(summaries: Sequence[PlanSummary]) -> tuple[str, ...]:
    """Names of the queues that would go; whether something is lost with them depends on what they hold."""
    names = (change.name for change in _goers(summaries) if change.type == QUEUE)
    return tuple(dict.fromkeys(names))


def find_guarded(
    summaries: Sequence[PlanSummary],
    depths: Mapping[str, QueueDepth],
    *,
    whole: bool = False,
    named: Sequence[str] = (),
) -> tuple[GuardedChange, ...]:
    """Every change that would lose something, in the order of the plans.

    Args:
        summaries: what would change.
        depths: queue name -> how full it is, of each of `queues_at_stake`.
        whole: the whole environment is to go, which is said by the command; only dead letters need a name then.
        named: addresses that a person allowed to be lost.
    """
    return tuple(_find_guarded(summaries, depths, whole, frozenset(named)))


def _find_guarded(
    summaries: Sequence[PlanSummary], depths: Mapping[str, QueueDepth], whole: bool, named: frozenset[str]
) -> Iterator[GuardedChange]:
    for summary in summaries:
        for change in summary.changes:
            moved = _other_bridge(change)
            loses = "; ".join(part for part in (moved, _what_goes(change, depths)) if part)
            if loses:
                yield GuardedChange(
                    stack=summary.stack,
                    address=change.object_address,
                    action=change.action,
                    loses=loses,
                    makes_another_bridge=bool(moved),
                    must_be_named=not whole or _keeps_dead_letters(change.address),
                    named=change.object_address in named,
                )


def _goers(summaries: Sequence[PlanSummary]) -> Iterator[ResourceChange]:
    for summary in summaries:
        yield from (*summary.destroys, *summary.replaces)


def _what_goes(change: ResourceChange, depths: Mapping[str, QueueDepth]) -> str:
    if change.action not in {"delete", "replace"}:
        return ""
    if change.type == QUEUE:
        return _what_a_queue_holds(change, depths[change.name])
    if change.type == LOG_GROUP and change.name.startswith(SERVICE_LOGS):
        return ""
    return KEEPERS.get(change.type, "")


def _what_a_queue_holds(change: ResourceChange, depth: QueueDepth) -> str:
    if depth.messages is None:
        why = f"{depth.why_unknown}; {depth.hint}" if depth.hint else depth.why_unknown
        return f"perhaps messages, which could not be counted: {why}"
    count = "about 1 message" if depth.messages == 1 else f"about {depth.messages} messages"
    kind = "that could not be delivered" if _keeps_dead_letters(change.address) else "that nobody took yet"
    return f"{count} {kind}" if depth.messages else ""


def _keeps_dead_letters(address: str) -> bool:
    return address.startswith("module.dead_letter_")


def _other_bridge(change: ResourceChange) -> str:
    """What turns the bridge into another one, where this change does."""
    if change.type == INTEGRATION:
        return "; ".join(_moves(change))
    if change.type == EVENT_BUS:
        names = (item for item in change.attributes if item.path == "name")
        return next((_moved_organization(item) for item in names), "")
    return ""


def _moves(change: ResourceChange) -> Iterator[str]:
    for item in change.attributes:
        # Who changes back what somebody turned by hand repairs the bridge. What was never set made none.
        if item.undoes_drift or item.before in (None, ""):
            continue
        if item.path in _IDENTITY:
            key = _IDENTITY[item.path]
            left = "; what it has in AWS stays there, and Terraform forgets it" if key in _PLACES else ""
            yield f"{key} becomes {item.after} and was {item.before}{left}"
        elif item.path == _SENDS_TO or (item.after == UNKNOWN and _SENDS_TO.startswith(item.path)):
            yield "where it sends to is not known before the apply"


def _moved_organization(item: AttributeChange) -> str:
    """Partner buses carry the name of their source, aws.partner/genesys.com/cloud/<organization>/<suffix>."""
    before, after = str(item.before).split("/"), str(item.after).split("/")
    is_partner = before[0] == after[0] == "aws.partner"
    if not is_partner or len(before) != len(after) or before[-2] == after[-2]:
        return ""
    return f"genesys.org_id becomes {after[-2]} and was {before[-2]}"


def check_named(asking: Asking, guarded: Sequence[GuardedChange], named: Sequence[str]) -> None:
    """Whatever would be lost was named.

    Args:
        asking: for whom.
        guarded: what would be lost, as `find_guarded` says.
        named: addresses that a person allowed to be lost.

    Raises:
        RefusedError: it says what would be lost, and what to type.
    """
    unnamed = [change for change in guarded if change.must_be_named and not change.named]
    if not unnamed:
        return
    moves = any(change.makes_another_bridge for change in unnamed)
    detail = [f"{change.action} {change.address}: {change.loses}" for change in unnamed]
    raise RefusedError(
        f"{asking.subject} would make another bridge of it"
        if moves
        else f"{asking.subject} would lose what nothing brings back",
        detail="\n".join([*detail, *(_way_of_two_bridges(asking.environment) if moves else ())]),
        hint=_what_next(asking, guarded, unnamed, named),
    )


def check_touched(asking: Asking, summaries: Sequence[PlanSummary], named: Sequence[str]) -> None:
    """An address that the plan does not touch was mistyped, or belongs to another day's plan.

    Args:
        asking: for whom.
        summaries: what would change.
        named: addresses that a person allowed to be lost.

    Raises:
        RefusedError: it says which address was meant, perhaps.
    """
    touched = {change.object_address for summary in summaries for change in summary.changes}
    strangers = [address for address in named if address not in touched]
    if not strangers:
        return
    candidates = [change.object_address for change in _goers(summaries)] or sorted(touched)
    close = difflib.get_close_matches(strangers[0], candidates, n=1)
    guess = f"did you mean --allow-destroy {shlex.quote(close[0])}? " if close else ""
    raise RefusedError(
        f"{asking.subject} does not touch {strangers[0]}",
        detail="--allow-destroy takes the whole address of a resource as the plan prints it",
        hint=f"{guess}{'otherwise' if guess else 'leave it out'}: {asking.command}",
    )


def _way_of_two_bridges(environment: str) -> tuple[str, ...]:
    second = f"{environment}-2"
    return (
        "What Genesys Cloud sends while it changes over reaches neither bridge. To lose nothing, let two bridges run:",
        f"  1. leave environments/{environment}.yaml as it was, and write what is new into environments/{second}.yaml,",
        "     with an event_source_suffix and resource names of its own",
        f"  2. gcbridge plan {second}; gcbridge apply {second}; gcbridge verify {second}",
        "  3. let both run and move the consumers over; until then they may see an event twice",
        f"  4. gcbridge destroy {environment}",
    )


def _what_next(
    asking: Asking, guarded: Sequence[GuardedChange], unnamed: Sequence[GuardedChange], named: Sequence[str]
) -> str:
    needed = [change.address for change in guarded if change.must_be_named]
    options = (f"--allow-destroy {shlex.quote(address)}" for address in dict.fromkeys([*named, *needed]))
    losing = f"{asking.command} {' '.join(options)}"
    if any(change.makes_another_bridge for change in unnamed):
        return f"to change over all the same: {losing}"
    if any(_keeps_dead_letters(change.address) for change in unnamed):
        # dlq goes by the environment file, and what is no longer written there it does not see.
        written = f"while environments/{asking.environment}.yaml has the target as it was"
        return f"gcbridge dlq {asking.environment} list shows what lies there, {written}; to lose all that: {losing}"
    return f"to lose all that: {losing}"
