"""Takes an event for one of this bridge: samples and recorded files come from other organizations and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gcbridge.model.bridge import Bridge

ENVELOPE = (
    "version", "id", "detail-type", "source", "account", "time", "region", "resources", "replay-name", "detail"
)  # fmt: skip
"""Fields in the order in which EventBridge writes them."""


class OwnEvent(NamedTuple):
    """An event as this bridge would send it.

    Args:
        event: the whole event.
        replaced: what it said of its origin before, where that was another.
        added: fields that it did not have.
    """

    event: dict[str, Any]
    replaced: dict[str, Any]
    added: tuple[str, ...]


def take_for_own(bridge: Bridge, event: Mapping[str, Any]) -> OwnEvent:
    """An event of this bridge: its `source`, `account` and `region` are the bridge's, whatever they were.

    Every rule pins `source` to the bridge's own, so that anything else would match nothing. What else an event has
    is filled in where it is missing, always alike, so that the same file gives the same texts.

    Args:
        bridge: whose event it is to be.
        event: at least `detail-type` and `detail`.
    """
    origin = {
        "source": bridge.event_source_name,
        "account": bridge.aws.account_id,
        "region": bridge.aws.region,
    }
    rest = {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "time": "1970-01-01T00:00:00Z",
        "resources": [],
        "detail": {},
    }
    added = tuple(name for name in (*rest, *origin) if name not in event)
    replaced = {name: event[name] for name, own in origin.items() if event.get(name, own) != own}
    whole = {**rest, **event, **origin}
    ordered = {name: whole[name] for name in (*ENVELOPE, *whole) if name in whole}
    return OwnEvent(ordered, replaced, added)
