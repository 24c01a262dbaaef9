"""What one look into a target saw of an event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """An event is in the target, is not, or it cannot be told (None).

    Args:
        delivered: what is known.
        detail: a phrase about it.
        final: looking again cannot tell more.
    """

    delivered: bool | None
    detail: str
    final: bool = False
