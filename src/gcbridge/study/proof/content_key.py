"""Tells whether two deliveries are one event, whichever way they came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def content_key(detail: Mapping[str, Any]) -> str:
    """Equal for copies of one event: topic with ids, body and correlation id; ids of EventBridge do not count.

    Genesys Cloud may hand one event to EventBridge twice, which then gives each its own id.

    Args:
        detail: `detail` of an EventBridge event, or a message of the notification service.
    """
    told = [detail.get("topicName"), correlation_id(detail), detail.get("eventBody")]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def correlation_id(detail: Mapping[str, Any]) -> Any:
    """What Genesys Cloud calls an event by; empty where it has no name.

    Args:
        detail: as above.
    """
    metadata = detail.get("metadata")
    named = metadata.items() if isinstance(metadata, Mapping) else ()
    return next((value for name, value in named if name.casefold() == "correlationid"), "")
