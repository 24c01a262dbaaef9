"""Times in the two forms Genesys Cloud writes them."""

from __future__ import annotations

from datetime import datetime, timezone


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
