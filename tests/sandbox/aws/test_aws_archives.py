"""Archives of a partner bus, and their replay."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

CUSTOMER = "123456789012"
PARTNER = "999988887777"
SOURCE = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev"
BUS = f"arn:aws:events:eu-west-1:{CUSTOMER}:event-bus/{SOURCE}"
ARCHIVE = f"arn:aws:events:eu-west-1:{CUSTOMER}:archive/kept"
PACE = "GCBRIDGE_SANDBOX_REPLAY_EVENTS_PER_SECOND"
# Long enough ago that the events of a test all lie in the past, and at the beginning of a minute.
NOON = datetime.now(timezone.utc).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)


def refused(call: Any, **fields: Any) -> str:
    """The code and the message with which AWS refuses the call."""
    with pytest.raises(ClientError) as caught:
        call(**fields)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def add_archive(events: Any, name: str = "kept", **fields: Any) -> None:
    """An archive of the partner bus."""
    events.create_archive(ArchiveName=name, EventSourceArn=BUS, **fields)


def send_at(bridge: Any, *seconds: int) -> None:
    """For each number one event of that many seconds after noon, with the number as its detail."""
    for second in seconds:
        bridge.send({"n": second}, Time=NOON + timedelta(seconds=second))


def replay_request(name: str = "again", seconds: int = 3600, **destination: Any) -> dict[str, Any]:
    """A StartReplay of the first ``seconds`` after noon."""
    return {
        "ReplayName": name,
        "EventSourceArn": ARCHIVE,
        "EventStartTime": NOON,
        "EventEndTime": NOON + timedelta(seconds=seconds),
        "Destination": {"Arn": BUS, **destination},
    }


def wait_for_end(events: Any, name: str = "again") -> dict[str, Any]:
    """The replay once it has ended."""
    deadline = time.monotonic() + 20
    while True:
        replay: dict[str, Any] = events.describe_replay(ReplayName=name)
        if replay["State"] in {"COMPLETED", "CANCELLED", "FAILED"}:
            return replay
        assert time.monotonic() < deadline, replay
        time.sleep(0.05)


def run_replay(events: Any, **destination: Any) -> dict[str, Any]:
    """Start a replay of an hour and wait for its end."""
    events.start_replay(**replay_request(**destination))
    return wait_for_end(events)


def bodies(bridge: Any, queue: str) -> list[Any]:
    """The events now in the queue."""
    return [json.loads(message["Body"]) for message in bridge.receive(queue)]


def numbers(bridge: Any, queue: str) -> list[int]:
    """The numbers of the events now in the queue."""
    return [event["detail"]["n"] for event in bodies(bridge, queue)]


@pytest.fixture
def archived(bridge: Any) -> Any:
    """A bridge whose archive holds the seconds 70, 10 and 0, in this order of arrival, and with a rule behind it."""
    add_archive(bridge.events)
    send_at(bridge, 70, 10, 0)
    bridge.add_rule("audits", {"Id": "q", "Arn": bridge.add_queue("q", "audits")})
    return bridge


def test_an_archive_as_it_is_described(bridge: Any) -> None:
    """What was given, and how much the archive holds; never the events themselves."""
    pattern = json.dumps({"detail": {"n": [1]}})
    add_archive(bridge.events, Description="Numbers", EventPattern=pattern, RetentionDays=30)
    for n in (1, 2, *[1] * 9):
        bridge.send({"n": n})
    described = bridge.events.describe_archive(ArchiveName="kept")
    assert (described["ArchiveArn"], described["EventSourceArn"]) == (ARCHIVE, BUS)
    assert (described["Description"], described["EventPattern"]) == ("Numbers", pattern)
    assert (described["State"], described["RetentionDays"]) == ("ENABLED", 30)
    assert described["EventCount"] == 10
    assert described["SizeBytes"] > 2 * int(described["ResponseMetadata"]["HTTPHeaders"]["content-length"])


def test_archives_are_listed_changed_and_deleted(bridge: Any) -> None:
    """By one filter at a time, in pages; an update keeps the events."""
    events = bridge.events
    for name in ("b", "a", "other"):
        add_archive(events, name)
    bridge.send()
    assert [a["ArchiveName"] for a in events.list_archives(NamePrefix="a")["Archives"]] == ["a"]
    assert [a["EventCount"] for a in events.list_archives(EventSourceArn=BUS)["Archives"]] == [1, 1, 1]
    page = events.list_archives(Limit=2)
    assert [a["ArchiveName"] for a in page["Archives"]] == ["a", "b"]
    assert len(events.list_archives(Limit=2, NextToken=page["NextToken"])["Archives"]) == 1
    assert "At most one filter" in refused(events.list_archives, NamePrefix="a", State="ENABLED")
    events.update_archive(ArchiveName="a", Description="Less", RetentionDays=7)
    assert events.describe_archive(ArchiveName="a")["RetentionDays"] == 7
    assert events.describe_archive(ArchiveName="a")["EventCount"] == 1
    events.delete_archive(ArchiveName="a")
    assert "ResourceNotFoundException" in refused(events.describe_archive, ArchiveName="a")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"ArchiveName": "n" * 49}, "ValidationException: 1 validation error"),
        ({"ArchiveName": "a b"}, "ValidationException: 1 validation error"),
        ({"EventSourceArn": SOURCE}, "ValidationException: 1 validation error"),
        ({"EventSourceArn": BUS + "2"}, f"ResourceNotFoundException: Event bus {SOURCE}2 does not exist."),
        ({"EventPattern": '{"source": "x"}'}, "InvalidEventPatternException: Event pattern is not valid."),
        ({"ArchiveName": "kept"}, "ResourceAlreadyExistsException: Archive kept already exists"),
    ],
)
def test_archives_that_aws_refuses(bridge: Any, fields: dict[str, Any], refusal: str) -> None:
    """A name of 48 characters at most, a bus that exists, a pattern that is one."""
    add_archive(bridge.events)
    add_archive(bridge.events, "n" * 48)
    request = {"ArchiveName": "new", "EventSourceArn": BUS, **fields}
    assert refused(bridge.events.create_archive, **request).startswith(refusal)


def test_events_older_than_the_retention_are_dropped(bridge: Any) -> None:
    """By the event's own time; 0 keeps them for ever."""
    add_archive(bridge.events, "days", RetentionDays=3)
    add_archive(bridge.events, "for-ever")
    for days in (1, 2, 4):
        bridge.send(Time=datetime.now(timezone.utc) - timedelta(days=days))

    def count(name: str) -> Any:
        return bridge.events.describe_archive(ArchiveName=name)["EventCount"]

    assert [count("days"), count("for-ever")] == [2, 3]
    bridge.events.update_archive(ArchiveName="for-ever", RetentionDays=1)
    bridge.events.update_archive(ArchiveName="days", RetentionDays=0)
    assert [count("days"), count("for-ever")] == [2, 0]


def test_a_replay_delivers_what_was_archived(archived: Any) -> None:
    """The event is as it was, and carries the replay's name."""
    archived.send({"n": -1}, Resources=["r"], Time=NOON + timedelta(hours=2))
    [live] = bodies(archived, "q")
    archived.events.start_replay(**replay_request(seconds=3 * 3600))
    wait_for_end(archived.events)
    replayed = bodies(archived, "q")
    assert [event["detail"]["n"] for event in replayed] == [10, 0, 70, -1]
    assert replayed[-1] == {**live, "replay-name": "again"}


def test_a_replay_goes_minute_by_minute(archived: Any) -> None:
    """Within a minute events come in the order of their arrival, not of their time."""
    run_replay(archived.events)
    assert numbers(archived, "q") == [10, 0, 70]


def test_a_replay_as_it_is_described(archived: Any) -> None:
    """States, times of the window and of the replay, and how far it came."""
    started = archived.events.start_replay(**replay_request(), Description="Once more")
    assert started["State"] == "STARTING"
    assert started["ReplayArn"] == f"arn:aws:events:eu-west-1:{CUSTOMER}:replay/again"
    replay = wait_for_end(archived.events)
    assert replay["State"] == "COMPLETED"
    assert (replay["EventStartTime"], replay["EventEndTime"]) == (NOON, NOON + timedelta(hours=1))
    assert replay["EventLastReplayedTime"] == NOON + timedelta(seconds=70)
    assert replay["ReplayStartTime"] <= replay["ReplayEndTime"]
    assert (replay["Description"], replay["Destination"]) == ("Once more", {"Arn": BUS})
    [listed] = archived.events.list_replays(State="COMPLETED")["Replays"]
    assert listed.items() <= replay.items()
    assert not listed.keys() & {"ReplayArn", "Destination", "Description"}
    assert archived.events.list_replays(NamePrefix="other")["Replays"] == []


def test_the_window_ends_before_its_end(archived: Any) -> None:
    """An event at ``EventStartTime`` is replayed, one at ``EventEndTime`` is not."""
    archived.events.start_replay(**replay_request(seconds=70))
    wait_for_end(archived.events)
    assert numbers(archived, "q") == [10, 0]


def test_a_replay_may_be_for_one_rule_only(archived: Any) -> None:
    """``FilterArns`` picks rules; the others do not see the events."""
    archived.add_rule("other", {"Id": "q", "Arn": archived.add_queue("other", "other")})
    run_replay(archived.events, FilterArns=[archived.rule_arn("other")])
    assert numbers(archived, "other") == [10, 0, 70]
    assert numbers(archived, "q") == []


def test_a_rule_can_tell_replayed_events(archived: Any) -> None:
    """A pattern may ask for ``replay-name``, and a disabled rule gets no replayed event either."""
    live_only = json.dumps({"source": [SOURCE], "replay-name": [{"exists": False}]})
    archived.events.put_rule(Name="audits", EventBusName=SOURCE, EventPattern=live_only)
    archived.add_rule("off", {"Id": "q", "Arn": archived.add_queue("off", "off")}, State="DISABLED")
    assert run_replay(archived.events)["State"] == "COMPLETED"
    assert (numbers(archived, "q"), numbers(archived, "off")) == ([], [])


def test_replayed_events_are_not_archived_again(archived: Any) -> None:
    """Otherwise each replay would double the archive."""
    run_replay(archived.events)
    assert archived.events.describe_archive(ArchiveName="kept")["EventCount"] == 3


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"ReplayName": "n" * 65}, "ValidationException: 1 validation error"),
        ({"ReplayName": "again"}, "ResourceAlreadyExistsException: Replay again already exists."),
        ({"EventSourceArn": ARCHIVE + "2"}, "ValidationException: Parameter EventSourceArn is not valid."),
        ({"Destination": {"Arn": BUS + "2"}}, "ValidationException: Parameter Destination.Arn is not valid."),
        ({"EventEndTime": NOON}, "ValidationException: Parameter EventEndTime is not valid."),
    ],
)
def test_replays_that_aws_refuses(archived: Any, fields: dict[str, Any], refusal: str) -> None:
    """Only to the archive's own bus, over a window, under a name of its own."""
    run_replay(archived.events)
    request = {**replay_request("new"), **fields}
    assert refused(archived.events.start_replay, **request).startswith(refusal)


def test_a_replay_that_has_ended_cannot_be_cancelled(archived: Any) -> None:
    """AWS's error for it, and for a replay that never was."""
    run_replay(archived.events)
    assert "IllegalStatusException" in refused(archived.events.cancel_replay, ReplayName="again")
    assert "ResourceNotFoundException" in refused(archived.events.cancel_replay, ReplayName="never")


def build_archive(connect: Any, seconds: range) -> Any:
    """A bus with an archive that holds an event for each second, and then a rule to a queue; EventBridge's client."""
    connect("events", PARTNER).create_partner_event_source(Name=SOURCE, Account=CUSTOMER)
    events = connect("events")
    events.create_event_bus(Name=SOURCE, EventSourceName=SOURCE)
    add_archive(events)
    for n in seconds:
        entry = {"Source": SOURCE, "DetailType": "t", "Detail": json.dumps({"n": n})}
        entry |= {"Time": NOON + timedelta(seconds=n)}
        connect("events", PARTNER).put_partner_events(Entries=[entry])
    return events


def wait_until_replayed(events: Any, second: int, name: str = "again") -> None:
    """Wait until the replay has come to the event of that second."""
    deadline = time.monotonic() + 20
    while True:
        replay = events.describe_replay(ReplayName=name)
        if replay.get("EventLastReplayedTime", NOON) >= NOON + timedelta(seconds=second):
            assert replay["State"] == "RUNNING"
            return
        assert time.monotonic() < deadline, replay
        time.sleep(0.02)


def test_a_replay_can_be_cancelled_in_the_middle(
    run_aws: Any, connect_to: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CANCELLING, then CANCELLED; it tells how far it came, and another replay can go on from there."""
    monkeypatch.setenv(PACE, "20")
    with run_aws() as aws:
        events = build_archive(connect_to(aws), range(1, 41))
        events.start_replay(**replay_request())
        wait_until_replayed(events, 5)
        assert events.cancel_replay(ReplayName="again")["State"] == "CANCELLING"
        replay = wait_for_end(events)
        assert replay["State"] == "CANCELLED"
        reached = int((replay["EventLastReplayedTime"] - NOON).total_seconds())
        assert 5 <= reached < 20
        rest = {**replay_request("rest"), "EventStartTime": replay["EventLastReplayedTime"]}
        events.start_replay(**rest)
        rest_of_it = wait_for_end(events, "rest")
        assert rest_of_it["State"] == "COMPLETED"
        assert rest_of_it["EventLastReplayedTime"] == NOON + timedelta(seconds=40)


def test_no_more_than_ten_replays_at_a_time(
    run_aws: Any, connect_to: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eleventh is refused until one of them has ended."""
    monkeypatch.setenv(PACE, "1")
    with run_aws() as aws:
        events = build_archive(connect_to(aws), range(1, 41))
        for n in range(10):
            events.start_replay(**replay_request(f"r{n}"))
        assert "LimitExceededException" in refused(events.start_replay, **replay_request())
        events.cancel_replay(ReplayName="r0")
        assert wait_for_end(events, "r0")["State"] == "CANCELLED"
        assert events.start_replay(**replay_request())["State"] == "STARTING"


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_restart_ends_a_replay_but_keeps_the_archive(
    run_aws: Any, connect_to: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The replay is FAILED with its reason; another can be started, and the archive holds what it held."""
    monkeypatch.setenv(PACE, "8")
    with run_aws() as aws:
        events = build_archive(connect_to(aws), range(1, 61))
        events.start_replay(**replay_request())
        # Longer than the emulator's pause between two snapshots, so that one was taken while it ran.
        wait_until_replayed(events, 28)
        port = aws.port
        getattr(aws, how)()
    monkeypatch.setenv(PACE, "500")
    with run_aws(port=port) as aws:
        events = connect_to(aws)("events")
        replay = events.describe_replay(ReplayName="again")
        assert (replay["State"], "emulator was stopped" in replay["StateReason"]) == ("FAILED", True)
        assert replay["EventLastReplayedTime"] > NOON
        assert events.describe_archive(ArchiveName="kept")["EventCount"] == 60
        events.start_replay(**replay_request("anew"))
        assert wait_for_end(events, "anew")["EventLastReplayedTime"] == NOON + timedelta(seconds=60)
