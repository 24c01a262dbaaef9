"""Times in the two forms Genesys Cloud writes them."""

from __future__ import annotations

from datetime import datetime, timezone

from gcbridge.sandbox.genesys.answers import bad_request


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(timezone.utc)


def iso_milliseconds(moment: datetime) -> str:
    """`2021-06-25T15:11:52.435Z`, the form of envelopes and API answers."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def now_iso() -> str:
    """The present moment as API answers write it."""
    return iso_milliseconds(now())


def iso_whole_seconds(moment: datetime) -> str:
    """`2021-06-25T15:11:52.000Z`, the form of `eventTime` in captured audit events."""
    return iso_milliseconds(moment.replace(microsecond=0))


def epoch_milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, the form of `eventTime` in `v2.detail.events.*`."""
    return int(moment.timestamp() * 1000)


def read_interval(text: object) -> tuple[str, str]:
    """Both ends of `START/END`, each an ISO 8601 time, as `2021-06-25T15:11:52.435Z`.

    Raises:
        ApiError: 400, it is no interval.
    """
    start, _, end = str(text).partition("/")
    try:
        ends = [datetime.fromisoformat(part.replace("Z", "+00:00")) for part in (start, end)]
    except ValueError as error:
        raise bad_request(f"interval must be START/END in ISO 8601, not {text!r}.", ["interval"]) from error
    since, until = (iso_milliseconds(_in_utc(moment)) for moment in ends)
    if since >= until:
        raise bad_request("interval: the end must be after the start.", ["interval"])
    return since, until


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
