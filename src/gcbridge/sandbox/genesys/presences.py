"""The ten system presences every organization has; names and enum values are those of the Platform API."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

_NAMESPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True)
class PresenceDefinition:
    """A system presence: `label` is what people read, `system_presence` what the API writes."""

    id: str
    label: str
    system_presence: str

    @property
    def event_name(self) -> str:
        """The upper-case form that `v2.users.{id}.presence` events carry, e.g. ON_QUEUE."""
        return self.label.upper().replace(" ", "_")


def _define(label: str) -> PresenceDefinition:
    identity = str(uuid.uuid5(_NAMESPACE, f"gcbridge-sandbox-presence/{label}"))
    return PresenceDefinition(id=identity, label=label, system_presence=label.replace(" ", ""))


_LABELS = (
    "Available",
    "Away",
    "Busy",
    "Break",
    "Meal",
    "Meeting",
    "Training",
    "Offline",
    "Idle",
    "On Queue",
)
SYSTEM_PRESENCES = {definition.id: definition for definition in map(_define, _LABELS)}
AVAILABLE_ID = next(iter(SYSTEM_PRESENCES))


def find_presence(reference: dict[str, object]) -> PresenceDefinition | None:
    """The definition that a PATCH body names by `id`, or by `systemPresence` in any spelling."""
    if "id" in reference:
        return SYSTEM_PRESENCES.get(str(reference["id"]))
    wanted = str(reference.get("systemPresence", "")).replace(" ", "").replace("_", "").lower()
    return next((p for p in SYSTEM_PRESENCES.values() if p.system_presence.lower() == wanted), None)
