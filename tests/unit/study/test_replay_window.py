"""Which events a replay is about, when it may start and what is left of one that ended early."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.replay import ArchiveObservation, ReplaySummary, ReplayWindow
from gcbridge.study.replay_window import (
    check_overlap,
    decide_window,
    parse_duration,
    parse_moment,
    remaining_window,
    replay_name,
    seconds_until_ready,
    share_replayed,
)

NOW = datetime(2026, 3, 10, 12, 0, 0, tzinfo=timezone.utc)


def at(text):
    """A moment of the tests' day."""
    return datetime.fromisoformat(f"2026-03-10T{text}+00:00")


def window(start, end):
    return ReplayWindow(start=at(start), end=at(end))


def archive(**changes):
    values = {
        "name": "gcbridge-dev",
        "arn": "arn:aws:events:eu-central-1:123456789012:archive/gcbridge-dev",
        "event_bus_arn": "arn:aws:events:eu-central-1:123456789012:event-bus/dev",
        "state": "ENABLED",
        "retention_days": 0,
        "created_at": NOW - timedelta(days=100),
    }
    return ArchiveObservation(**{**values, **changes})


def replay(state="CANCELLED", last=None, start="08:00:00", end="09:00:00"):
    return ReplaySummary(
        name="one",
        state=state,
        archive_arn=archive().arn,
        window=window(start, end),
        last_replayed=at(last) if last else None,
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("2d", 172800)]
)
def test_durations(text, seconds):
    """Seconds, or numbers with units."""
    assert parse_duration(text, "--settle") == seconds


@pytest.mark.parametrize("text", ["", "-5m", "10 m", "m", "1.5h", "10min", "ten"])
def test_what_is_no_duration(text):
    """The option is named, and what is allowed."""
    with pytest.raises(UsageError, match="--settle") as caught:
        parse_duration(text, "--settle")

    assert "10m" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-10T08:00:00Z", at("08:00:00")),
        ("2026-03-10t08:00z", at("08:00:00")),
        ("2026-03-10 09:00+01:00", at("08:00:00")),
        ("2026-03-10T09:00:00+0100", at("08:00:00")),
        ("2026-03-10T09:00:00+01", at("08:00:00")),
        ("2026-03-10T03:30:00-04:30", at("08:00:00")),
        ("2026-03-10T08:00:00.25Z", at("08:00:00.250000")),
        ("2026-03-10T08:00:00.123456789Z", at("08:00:00.123456")),
        ("now", NOW),
        ("-2h", at("10:00:00")),
        ("-1h30m", at("10:30:00")),
    ],
)
def test_moments(text, moment):
    """ISO 8601 with a zone says all; Genesys, EventBridge and people write it in several ways."""
    assert parse_moment(text, NOW, "--from") == (moment, None)


def test_a_time_without_zone_is_utc_and_that_is_said():
    """Nobody should have to guess which hour was replayed."""
    moment, note = parse_moment("2026-03-10T08:00", NOW, "--from")

    assert moment == at("08:00:00")
    assert note == "--from 2026-03-10T08:00 names no zone and was read as UTC: 2026-03-10T08:00:00Z"
    assert parse_moment("2026-03-10", NOW, "--from")[0] == at("00:00:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "-90",
        "2h",
        "2026-02-30T00:00Z",
        "08:00",
        "2026-W10",
        "-999999d",
        "0001-01-01T00:00+14:00",
    ],
)
def test_what_is_no_moment(text):
    """The option is named, and how a time may be written."""
    with pytest.raises(UsageError, match=r"--from .* is no time") as caught:
        parse_moment(text, NOW, "--from")

    assert "-2h" in caught.value.hint


def test_window_up_to_now():
    """AWS tells its time to the second; what happened in this second has happened."""
    found, notes = decide_window("-2h", "now", NOW)

    assert str(found) == "2026-03-10T10:00:00Z to 2026-03-10T12:00:01Z"
    assert found.seconds == 7201
    assert notes == ()


def test_window_is_rounded_outwards():
    """EventBridge counts whole seconds; nothing that was asked for is left out."""
    found, _ = decide_window("2026-03-10T08:00:00.9Z", "2026-03-10T09:00:00.1Z", NOW)

    assert found == window("08:00:00", "09:00:01")
    assert decide_window("2026-03-10T08:00:00Z", "2026-03-10T09:00:00Z", NOW)[0] == window(
        "08:00:00", "09:00:00"
    )


def test_both_zones_are_told():
    """Each time that names none is told of."""
    _, notes = decide_window("2026-03-10T08:00", "2026-03-10T09:00", NOW)

    assert [note.split()[0] for note in notes] == ["--from", "--to"]


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-10T09:00Z", "2026-03-10T08:00Z", "is not before"),
        ("2026-03-10T09:00Z", "2026-03-10T09:00Z", "is not before"),
        ("-1h", "2026-03-10T12:06Z", "is still to come"),
        ("2026-03-10T12:03Z", "now", "is not before"),
    ],
)
def test_windows_that_cannot_be(since, until, words):
    """The wrong way round, empty, or not over yet."""
    with pytest.raises(UsageError, match=words):
        decide_window(since, until, NOW)


def test_a_clock_that_is_a_little_fast_is_no_reason_to_refuse():
    """The end is waited for anyway."""
    found, _ = decide_window("-1h", "2026-03-10T12:04Z", NOW)

    assert seconds_until_ready(found, 600, NOW) == 4 * 60 + 600


def test_all_of_the_window_is_there():
    """Nothing to say."""
    assert check_overlap(window("08:00:00", "09:00:00"), archive(retention_days=30), NOW) == ()


def test_a_part_came_before_the_archive():
    """An archive does not look back."""
    notes = check_overlap(window("08:00:00", "09:00:00"), archive(created_at=at("08:30:00")), NOW)

    assert notes == (
        "archive gcbridge-dev exists since 2026-03-10T08:30:00Z; it holds nothing that came before",
    )


def test_a_part_is_gone():
    """After so many days AWS drops events."""
    asked = ReplayWindow(start=NOW - timedelta(days=9), end=NOW - timedelta(days=5))

    notes = check_overlap(asked, archive(retention_days=7), NOW)

    assert notes == ("archive gcbridge-dev keeps 7 days; what is older than 2026-03-03T12:00:00Z is gone",)


@pytest.mark.parametrize(
    ("changes", "since"),
    [
        ({"created_at": at("10:00:00")}, "2026-03-10T10:00:00Z"),
        ({"retention_days": 1, "created_at": NOW - timedelta(days=9)}, "2026-03-09T12:00:00Z"),
    ],
)
def test_nothing_of_the_window_is_there(changes, since):
    """A replay of nothing would look like a success."""
    asked = ReplayWindow(start=NOW - timedelta(days=3), end=NOW - timedelta(days=2))

    with pytest.raises(RefusedError, match="holds nothing of") as caught:
        check_overlap(asked, archive(**changes), NOW)

    assert caught.value.hint == f"choose a --to after {since}"


def test_when_it_may_start():
    """Ten minutes after the end, or at once if that is long ago."""
    asked = window("08:00:00", "11:55:00")

    assert seconds_until_ready(asked, 600, NOW) == 300
    assert seconds_until_ready(asked, 0, NOW) == 0
    assert seconds_until_ready(window("08:00:00", "09:00:00"), 600, NOW) == 0


@pytest.mark.parametrize(
    ("last", "start"),
    [
        (None, "08:00:00"),
        ("08:00:20", "08:00:00"),
        ("08:30:45", "08:29:45"),
        ("08:59:59", "08:58:59"),
        ("09:10:00", "08:59:00"),
    ],
)
def test_what_is_left(last, start):
    """From a minute before the last event, since within that minute no order is kept, to the original end."""
    assert remaining_window(replay(last=last)) == window(start, "09:00:00")


def test_what_is_left_of_a_short_window():
    """A window shorter than a minute comes again as a whole."""
    assert remaining_window(replay(last="08:00:05", end="08:00:10")) == window("08:00:00", "08:00:10")


@pytest.mark.parametrize(
    ("state", "last", "share"),
    [
        ("STARTING", None, 0.0),
        ("RUNNING", "08:15:00", 0.25),
        ("RUNNING", "07:59:00", 0.0),
        ("CANCELLED", "09:30:00", 1.0),
        ("COMPLETED", "08:15:00", 1.0),
        ("COMPLETED", None, 1.0),
    ],
)
def test_share(state, last, share):
    """A replay that is complete is so, wherever its last event was."""
    assert share_replayed(replay(state, last)) == share


def test_names_fit_and_say_when():
    """The longest environment name still leaves room."""
    assert replay_name("dev", NOW) == "gcbridge-dev-20260310T120000Z"
    assert len(replay_name("e" * 32, NOW)) <= 64
