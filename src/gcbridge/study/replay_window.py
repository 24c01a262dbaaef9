"""Arithmetic of replays: which events are meant, which of them are left, when to start, how far it came."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.replay import ArchiveObservation, ReplaySummary, ReplayWindow, shown

SECOND = timedelta(seconds=1)
OVERLAP = timedelta(minutes=1)
"""EventBridge replays minute by minute and keeps no order within one, so the minute of the last event is in doubt."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of AWS the clock may be that somebody read a time from."""

_UNIT_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:[0-9]{1,6}[dhms])+")
_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?"
)
_TIMES_ALLOWED = "allowed: 2026-03-01T08:00:00Z, 2026-03-01T09:00+01:00, 2026-03-01, -2h, -1h30m, now"


def parse_duration(text: str, option: str) -> int:
    """Seconds, written as a number or with units.

    Args:
        text: such as `90`, `90s`, `10m`, `1h30m` or `2d`.
        option: where it was written, for the message.

    Raises:
        UsageError: it is no duration.

    >>> parse_duration("1h30m", "--settle")
    5400
    """
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    if _DURATION.fullmatch(text):
        return sum(int(part[:-1]) * _UNIT_SECONDS[part[-1]] for part in re.findall(r"[0-9]+[dhms]", text))
    raise UsageError(
        f"{option} {text!r} is no duration", hint="allowed: seconds, or text such as 90s, 10m, 2h"
    )


def parse_moment(text: str, now: datetime, option: str) -> tuple[datetime, str | None]:
    """A moment, written in full or relative to now.

    Args:
        text: ISO 8601, `now`, or `-` and a duration.
        now: the present, with its zone.
        option: where it was written, for the message.

    Returns:
        The moment in UTC, and what had to be assumed of it.

    Raises:
        UsageError: it is no moment.
    """
    try:
        if text == "now":
            return now.astimezone(timezone.utc), None
        if _DURATION.fullmatch(text[1:]) and text[0] == "-":
            return now.astimezone(timezone.utc) - timedelta(seconds=parse_duration(text[1:], option)), None
        return _written_moment(text, option)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{option} {text!r} is no time", detail=str(error), hint=_TIMES_ALLOWED) from error


def _written_moment(text: str, option: str) -> tuple[datetime, str | None]:
    written = _MOMENT.fullmatch(text)
    if written is None:
        raise ValueError("it is neither ISO 8601 nor relative to now")
    # Python 3.10 reads neither Z nor zones without minutes.
    zone = (written["zone"] or "Z").upper().replace("Z", "+0000").replace(":", "").ljust(5, "0")
    moment = datetime.fromisoformat(f"{written['date']}T{written['time'] or '00:00'}{zone[:3]}:{zone[3:]}")
    fraction = timedelta(microseconds=int((written["fraction"] or "0").ljust(6, "0")[:6]))
    at = (moment + fraction).astimezone(timezone.utc)
    return at, None if written["zone"] else f"{option} {text} names no zone and was read as UTC: {shown(at)}"


def decide_window(since: str, until: str, now: datetime) -> tuple[ReplayWindow, tuple[str, ...]]:
    """The window that was asked for, and what had to be assumed of it.

    EventBridge counts whole seconds, so the start is rounded down and the end up: nothing asked for is left out.

    Args:
        since: `--from` as written.
        until: `--to` as written.
        now: the present by AWS's clock.

    Raises:
        UsageError: one of them is no time, they are the wrong way round, or the end is still to come.
    """
    start, start_note = parse_moment(since, now, "--from")
    end, end_note = parse_moment(until, now, "--to")
    if end > now + CLOCK_TOLERANCE:
        raise UsageError(
            f"--to {until} is still to come",
            detail=f"AWS's clock says {shown(now)}",
            hint="leave --to out to replay up to now",
        )
    # AWS tells its time to the second, and the second that is running belongs to now.
    window = ReplayWindow(
        start=_whole_second(start), end=_whole_second(end + SECOND if until == "now" else _rounded_up(end))
    )
    if window.start >= window.end:
        raise UsageError(
            f"--from {shown(window.start)} is not before --to {shown(window.end)}",
            hint=f"exchange them, or choose an earlier --from; {_TIMES_ALLOWED}",
        )
    return window, tuple(note for note in (start_note, end_note) if note)


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _rounded_up(moment: datetime) -> datetime:
    return moment + SECOND - timedelta(microseconds=1)


def check_overlap(window: ReplayWindow, archive: ArchiveObservation, now: datetime) -> tuple[str, ...]:
    """What of the window the archive cannot hold.

    Args:
        window: what is to be replayed.
        archive: as AWS describes it.
        now: the present by AWS's clock.

    Returns:
        A sentence for each reason why a part of the window is not there.

    Raises:
        RefusedError: nothing of the window can be there.
    """
    notes = []
    if window.start < archive.created_at:
        notes.append(
            f"archive {archive.name} exists since {shown(archive.created_at)}; it holds nothing that came before"
        )
    oldest = archive.created_at
    if archive.retention_days:
        kept_since = now - timedelta(days=archive.retention_days)
        oldest = max(oldest, kept_since)
        if window.start < kept_since:
            notes.append(
                f"archive {archive.name} keeps {archive.retention_days} days; "
                f"what is older than {shown(kept_since)} is gone"
            )
    if window.end <= oldest:
        raise RefusedError(
            f"archive {archive.name} holds nothing of {window}",
            where=archive.arn,
            detail="\n".join(notes),
            hint=f"choose a --to after {shown(oldest)}",
        )
    return tuple(notes)


def seconds_until_ready(window: ReplayWindow, settle_seconds: int, now: datetime) -> float:
    """How long to wait before the start, so that the archive holds all of the window.

    AWS: "We recommend you delay replaying archived events for 10 minutes to make sure all events are replayed"
    (EventBridge user guide, Archiving and replaying events).
    """
    return max(0.0, (window.end - now).total_seconds() + settle_seconds)


def remaining_window(replay: ReplaySummary) -> ReplayWindow:
    """What a replay that ended early left over, with the minute that it was in.

    Where it came to nothing, everything is left. A minute may count from the start of the window or of the hour;
    one minute back from the last event covers both.
    """
    if replay.last_replayed is None:
        return replay.window
    latest = min(replay.last_replayed, replay.window.end) - OVERLAP
    return ReplayWindow(start=max(replay.window.start, latest), end=replay.window.end)


def share_replayed(replay: ReplaySummary) -> float:
    """How much of its window a replay has behind it, 0 to 1; how many events that is, AWS does not tell."""
    if replay.state == "COMPLETED":
        return 1.0
    if replay.last_replayed is None:
        return 0.0
    passed = (replay.last_replayed - replay.window.start).total_seconds()
    return min(1.0, max(0.0, passed / replay.window.seconds))


def replay_name(environment: str, now: datetime) -> str:
    """Name of a new replay; at most 58 of the 64 characters that AWS allows.

    >>> replay_name("dev", datetime(2026, 3, 1, 8, tzinfo=timezone.utc))
    'gcbridge-dev-20260301T080000Z'
    """
    return f"gcbridge-{environment}-{now.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"
