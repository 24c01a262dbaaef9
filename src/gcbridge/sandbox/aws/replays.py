"""Replays of archives: in the background, minute by minute, at a bounded pace.

ministack replays a whole archive at once, to every rule, and cannot be cancelled in the middle.
Fields and errors follow the service model ``events/2015-10-07`` of botocore; the order and what
``EventLastReplayedTime`` means follow the API text of StartReplay.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import time
from typing import Any, TypeAlias

from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge

from gcbridge.sandbox.aws.answers import Answer, Request, answer_error, answer_ok
from gcbridge.sandbox.aws.archives import (
    Archive,
    Event,
    archived_events,
    passes_filters,
    refuse_filters,
    refuse_name,
)
from gcbridge.sandbox.aws.dispatch import dispatch_event
from gcbridge.sandbox.aws.partner_sources import answer_page
from gcbridge.sandbox.aws.persistence import note_change

Replay: TypeAlias = dict[str, Any]

PACE_VARIABLE = "GCBRIDGE_SANDBOX_REPLAY_EVENTS_PER_SECOND"
DEFAULT_EVENTS_PER_SECOND = 500.0
WINDOW_SECONDS = 60
MAX_NAME_LENGTH = 64
# "There can be a maximum of ten active concurrent replays per account per AWS Region": EventBridge user guide, eb-archive.
MAX_UNDER_WAY = 10
UNDER_WAY = {"STARTING", "RUNNING", "CANCELLING"}
STOPPED_REASON = "The emulator was stopped while the replay was under way."

HIDDEN_FIELDS = ("ReplayArn", "Description", "Destination")

# By the identity of the record, since a reset makes place for another replay of the same name.
_tasks: dict[int, asyncio.Task[None]] = {}


def events_per_second(text: str | None) -> float:
    """The pace of a replay from the setting's text; not more than so many events a second.

    Raises:
        ValueError: it is not a number above zero.
    """
    pace = float(text or DEFAULT_EVENTS_PER_SECOND)
    if pace <= 0:
        raise ValueError(f"{PACE_VARIABLE} is {text!r}; give a number above zero")
    return pace


def settle(replay: Replay) -> Replay:
    """End a replay whose process has ended: FAILED, or CANCELLED if that was asked for."""
    if replay["State"] in UNDER_WAY and id(replay) not in _tasks:
        replay["State"] = "CANCELLED" if replay["State"] == "CANCELLING" else "FAILED"
        replay.setdefault("ReplayEndTime", int(time.time()))
    # ministack itself makes it FAILED when it loads its state, and gives no reason.
    if replay["State"] == "FAILED":
        replay.setdefault("StateReason", STOPPED_REASON)
    return replay


def end_replay(replay: Replay, state: str, **fields: Any) -> None:
    """Put the replay into a state that it does not leave."""
    replay.update(State=state, ReplayEndTime=int(time.time()), **fields)


def end_task(replay: Replay, task: asyncio.Task[None]) -> None:
    """Forget the task; a replay that an unexpected error ended is FAILED for that reason."""
    del _tasks[id(replay)]
    note_change()
    if not task.cancelled() and (error := task.exception()):
        end_replay(replay, "FAILED", StateReason=f"{type(error).__name__}: {error}"[:512])


def order_by_window(events: list[tuple[int, str]], start: float) -> list[tuple[int, str]]:
    """The events minute by minute, and within one minute as they were archived."""
    return sorted(events, key=lambda event: (event[0] - start) // WINDOW_SECONDS)


def deliver_replayed(event: Event, filter_arns: list[str]) -> None:
    """Match an event against the rules of its bus, or against those of them that the replay names."""
    dispatch_event(event, only=filter_arns)


def replay_event(replay: Replay, event_time: int, text: str) -> None:
    """Deliver one event as it was archived, marked with the replay's name."""
    deliver_replayed({**json.loads(text), "ReplayName": replay["ReplayName"]}, filters_of(replay))
    replay["EventLastReplayedTime"] = max(event_time, replay.get("EventLastReplayedTime", 0))
    note_change()


def filters_of(replay: Replay) -> list[str]:
    """The ARNs of the rules that the replay is meant for; none means all."""
    return list(replay["Destination"].get("FilterArns") or [])


async def run_replay(replay: Replay, events: list[tuple[int, str]], pause: float) -> None:
    """Deliver the events one by one with ``pause`` seconds between them, until the end or until cancelled."""
    for event_time, text in events:
        if replay["State"] == "CANCELLING":
            return end_replay(replay, "CANCELLED")
        if eventbridge._replays.get(replay["ReplayName"]) is not replay:
            return None
        replay["State"] = "RUNNING"
        replay_event(replay, event_time, text)
        await asyncio.sleep(pause)
    return end_replay(replay, "CANCELLED" if replay["State"] == "CANCELLING" else "COMPLETED")


def find_archive(arn: str) -> Archive | None:
    """The archive of that ARN, if the caller has it."""
    archive: Archive | None = eventbridge._archives.get(arn.partition(":archive/")[2])
    return archive if archive and archive["ArchiveArn"] == arn else None


def invalid_parameter(field: str, reason: str) -> Answer:
    """AWS's refusal of a parameter for what it means."""
    return answer_error("ValidationException", f"Parameter {field} is not valid. Reason: {reason}")


def refuse_replay(data: Request, archive: Archive) -> Answer | None:
    """AWS's refusal of a replay that could not run."""
    name = data.get("ReplayName") or ""
    if data["Destination"].get("Arn") != archive["EventSourceArn"]:
        return invalid_parameter("Destination.Arn", "Cross event bus replay is not permitted.")
    if data["EventStartTime"] >= data["EventEndTime"]:
        return invalid_parameter("EventEndTime", "EventStartTime must be before EventEndTime.")
    if name in eventbridge._replays:
        return answer_error("ResourceAlreadyExistsException", f"Replay {name} already exists.")
    under_way = sum(settle(replay)["State"] in UNDER_WAY for replay in eventbridge._replays.values())
    if under_way >= MAX_UNDER_WAY:
        return answer_error("LimitExceededException", f"There are {MAX_UNDER_WAY} active replays already.")
    return refuse_name("replayName", name, MAX_NAME_LENGTH)


def new_replay(data: Request) -> Replay:
    """A replay as it is kept and persisted; times are epoch seconds."""
    name = data["ReplayName"]
    return {
        "ReplayName": name,
        "ReplayArn": f"arn:aws:events:{get_region()}:{get_account_id()}:replay/{name}",
        **{
            field: data[field]
            for field in ("EventSourceArn", "EventStartTime", "EventEndTime", "Destination")
        },
        **({"Description": data["Description"]} if data.get("Description") else {}),
        "State": "STARTING",
        "ReplayStartTime": int(time.time()),
    }


def launch(replay: Replay, archive: Archive) -> None:
    """Deliver in the background what the archive now holds from ``EventStartTime`` on, before ``EventEndTime``."""
    start, end = replay["EventStartTime"], replay["EventEndTime"]
    events = [event for event in archived_events(archive) if start <= event[0] < end]
    pause = 1 / events_per_second(os.environ.get(PACE_VARIABLE))
    # A task goes on in the context it was made in: with the caller's account and region.
    task = asyncio.get_running_loop().create_task(run_replay(replay, order_by_window(events, start), pause))
    _tasks[id(replay)] = task
    task.add_done_callback(functools.partial(end_task, replay))


def start_replay(data: Request) -> Answer:
    """StartReplay: to the archive's own bus, from which rules can be picked by ``FilterArns``."""
    archive = find_archive(data["EventSourceArn"])
    if archive is None:
        name = data["EventSourceArn"].rpartition("/")[2]
        return invalid_parameter("EventSourceArn", f"Archive {name} does not exist.")
    refusal = refuse_replay(data, archive)
    if refusal:
        return refusal
    replay = new_replay(data)
    launch(replay, archive)
    eventbridge._replays[replay["ReplayName"]] = replay
    return answer_ok({name: replay[name] for name in ("ReplayArn", "State", "ReplayStartTime")})


def find_replay(data: Request) -> tuple[Replay | None, Answer]:
    """The replay that the request names, and the refusal in case there is none."""
    name = data.get("ReplayName", "")
    replay = eventbridge._replays.get(name)
    refusal = answer_error("ResourceNotFoundException", f"Replay {name} does not exist.")
    return settle(replay) if replay else None, refusal


def describe_replay(data: Request) -> Answer:
    """DescribeReplay."""
    replay, refusal = find_replay(data)
    return answer_ok(replay) if replay else refusal


def list_replays(data: Request) -> Answer:
    """ListReplays: by prefix, archive or state, in pages."""
    refusal = refuse_filters("ListReplays", data)
    if refusal:
        return refusal
    replays = [(name, settle(replay)) for name, replay in sorted(eventbridge._replays.items())]
    found = [replay for name, replay in replays if passes_filters(name, replay, data)]
    views = [{key: replay[key] for key in replay if key not in HIDDEN_FIELDS} for replay in found]
    return answer_page("Replays", views, data)


def cancel_replay(data: Request) -> Answer:
    """CancelReplay: no further event is delivered; those that were stay delivered."""
    replay, refusal = find_replay(data)
    if replay is None:
        return refusal
    if replay["State"] not in {"STARTING", "RUNNING"}:
        name = replay["ReplayName"]
        return answer_error(
            "IllegalStatusException", f"Replay {name} is not in a valid state for this operation."
        )
    replay["State"] = "CANCELLING"
    return answer_ok({"ReplayArn": replay["ReplayArn"], "State": "CANCELLING"})
