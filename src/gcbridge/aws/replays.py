"""Reads archives; starts, reads, lists and cancels replays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError, RefusedError
from gcbridge.model.replay import ArchiveObservation, Replay, ReplayPlan, ReplaySummary, ReplayWindow


def describe_archive(aws: Aws, name: str) -> ArchiveObservation | None:
    """An archive as it is; how many events it holds is left out, since AWS reconciles that once a day.

    Returns:
        None where the account has none of that name in this region.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeArchive.
    """
    with aws_call(aws.events, "reading the archive", where=name):
        try:
            found = aws.events.describe_archive(ArchiveName=name)
        except aws.events.exceptions.ResourceNotFoundException:
            return None
    return ArchiveObservation(
        name=found["ArchiveName"],
        arn=found["ArchiveArn"],
        event_bus_arn=found["EventSourceArn"],
        state=found["State"],
        reason=found.get("StateReason") or "",
        retention_days=found.get("RetentionDays") or 0,
        created_at=_utc(found["CreationTime"]),
    )


def start_replay(aws: Aws, plan: ReplayPlan) -> None:
    """EventBridge begins to put the archived events on the bus again; it goes on without gcbridge.

    Args:
        aws: the archive's account and region.
        plan: what was decided; its bus is the archive's own, since AWS replays to no other.

    Raises:
        RefusedError: a replay of that name exists.
        AwsError: AWS refused, could not be reached, or ten replays are under way.

    IAM actions: events:StartReplay.
    """
    destination: dict[str, Any] = {"Arn": plan.event_bus_arn}
    if plan.rule_arns:
        destination["FilterArns"] = list(plan.rule_arns)
    known = aws.events.exceptions
    with aws_call(aws.events, "starting the replay", where=plan.archive_arn):
        try:
            aws.events.start_replay(
                ReplayName=plan.name,
                Description=plan.description,
                EventSourceArn=plan.archive_arn,
                EventStartTime=plan.window.start,
                EventEndTime=plan.window.end,
                Destination=destination,  # type: ignore[arg-type]
            )
        except known.ResourceAlreadyExistsException as error:
            raise _name_is_taken(plan) from error
        except known.LimitExceededException as error:
            raise _too_many(plan, error.response) from error


def describe_replay(aws: Aws, name: str) -> Replay | None:
    """A replay as it is now.

    Returns:
        None where the account has none of that name in this region.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeReplay.
    """
    with aws_call(aws.events, "reading the replay", where=name):
        try:
            found = aws.events.describe_replay(ReplayName=name)
        except aws.events.exceptions.ResourceNotFoundException:
            return None
    arns = tuple(found["Destination"].get("FilterArns") or ())
    return Replay(
        **_summary(found),
        description=found.get("Description") or "",
        event_bus_arn=found["Destination"]["Arn"],
        rules=tuple(arn.rpartition("/")[2] for arn in arns),
        rule_arns=arns,
    )


def list_replays(aws: Aws, archive_arn: str) -> tuple[ReplaySummary, ...]:
    """Every replay of an archive that AWS still remembers, whoever started it; the newest first.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:ListReplays.
    """
    found: list[ReplaySummary] = []
    token: str | None = None
    while True:
        more: dict[str, Any] = {"NextToken": token} if token else {}
        with aws_call(aws.events, "listing the replays", where=archive_arn):
            page = aws.events.list_replays(EventSourceArn=archive_arn, **more)
        found += [ReplaySummary(**_summary(replay)) for replay in page["Replays"]]
        token = page.get("NextToken")
        if not token:
            return tuple(sorted(found, key=_start, reverse=True))


def cancel_replay(aws: Aws, name: str) -> bool:
    """EventBridge is asked to stop a replay; what it has put on the bus stays there.

    Returns:
        False where there was nothing to stop any more: it has ended, or is being cancelled already.

    Raises:
        AwsError: AWS refused, could not be reached, or knows no such replay.

    IAM actions: events:CancelReplay.
    """
    with aws_call(aws.events, "cancelling the replay", where=name):
        try:
            aws.events.cancel_replay(ReplayName=name)
        except aws.events.exceptions.IllegalStatusException:
            return False
    return True


def _summary(found: Mapping[str, Any]) -> dict[str, Any]:
    started, ended = _utc_or_none(found, "ReplayStartTime"), _utc_or_none(found, "ReplayEndTime")
    return {
        "name": found["ReplayName"],
        "state": found["State"],
        "reason": found.get("StateReason") or "",
        "archive_arn": found["EventSourceArn"],
        "window": ReplayWindow(start=_utc(found["EventStartTime"]), end=_utc(found["EventEndTime"])),
        "last_replayed": _utc_or_none(found, "EventLastReplayedTime"),
        "started_at": started,
        "ended_at": ended,
        "seconds": (ended - started).total_seconds() if started and ended else None,
    }


def _start(replay: ReplaySummary) -> tuple[datetime, str]:
    return replay.started_at or datetime.min.replace(tzinfo=timezone.utc), replay.name


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc)


def _utc_or_none(found: Mapping[str, Any], field: str) -> datetime | None:
    return _utc(found[field]) if found.get(field) else None


def _name_is_taken(plan: ReplayPlan) -> RefusedError:
    return RefusedError(
        f"a replay named {plan.name} exists already",
        where=plan.archive_arn,
        detail="AWS keeps the names of replays that have ended, too",
        hint=f"look at it: gcbridge replay {plan.environment} --watch {plan.name}; "
        "or choose another name with --name",
    )


def _too_many(plan: ReplayPlan, response: Mapping[str, Any]) -> AwsError:
    message = response.get("Error", {}).get("Message") or "LimitExceededException"
    return AwsError(
        "AWS runs as many replays as it allows",
        where=plan.archive_arn,
        detail=f"{message}\nAWS runs at most ten replays at once in an account and region",
        hint=f"see what runs, and wait or cancel: gcbridge replay {plan.environment} --list",
    )
