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
    metadata = detail.get("metadata")
    correlation = next(
        (
            value
            for name, value in (metadata.items() if isinstance(metadata, Mapping) else ())
            if name.casefold() == "correlationid"
        ),
        "",
    )
    told = [detail.get("topicName"), correlation, detail.get("eventBody")]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
