"""The integrations of one emulated Genesys organization, and the file they survive in."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gcbridge.sandbox.genesys.clock import now_iso

IntendedState = Literal["ENABLED", "DISABLED"]
ReportedCode = Literal["ACTIVE", "ACTIVATING", "INACTIVE", "DEACTIVATING", "ERROR"]


class Record(BaseModel):
    """A piece of the state file; unknown keys in it are refused rather than lost."""

    model_config = ConfigDict(extra="forbid")


class Source(Record):
    """A partner event source: `wanted`, then `asked` of AWS, then `created`.

    A source that was asked for before a stop is ours even when AWS says that it exists already.
    """

    name: str
    account: str
    region: str
    status: Literal["wanted", "asked", "created"] = "wanted"

    def is_same_place(self, other: Source | None) -> bool:
        """True when both name the same source in the same account and region."""
        return other is not None and (self.name, self.account, self.region) == (
            other.name,
            other.account,
            other.region,
        )


class ReportedState(Record):
    """What the integration says about itself, and why."""

    code: ReportedCode = "INACTIVE"
    message: str = "Inactive"
    since: str = Field(default_factory=now_iso)


class Configuration(Record):
    """The current configuration; `version` grows by one with every accepted PUT."""

    name: str
    version: int = 1
    notes: str = ""
    properties: dict[str, Any] = Field(default_factory=dict)
    advanced: dict[str, Any] = Field(default_factory=dict)
    credentials: dict[str, Any] = Field(default_factory=dict)


class Integration(Record):
    """One integration with its lifecycle and, once enabled, its partner event source."""

    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    type_id: str
    intended_state: IntendedState = "DISABLED"
    reported: ReportedState = Field(default_factory=ReportedState)
    configuration: Configuration
    source: Source | None = None

    def report(self, code: ReportedCode, message: str) -> None:
        """Sets the reported state and the moment of the change."""
        self.reported = ReportedState(code=code, message=message)

    @property
    def is_sending(self) -> bool:
        """Enabled, reported ACTIVE, and the source exists: only then do events leave."""
        created = self.source is not None and self.source.status == "created"
        return self.intended_state == "ENABLED" and self.reported.code == "ACTIVE" and created


class Credential(Record):
    """A stored integration credential; field values are never kept."""

    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    name: str
    type_id: str
    field_names: list[str] = Field(default_factory=list)
    modified_at: str = Field(default_factory=now_iso)


class World(Record):
    """The organization's integrations and what belongs to them."""

    org_id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    integrations: dict[str, Integration] = Field(default_factory=dict)
    credentials: dict[str, Credential] = Field(default_factory=dict)
    sources_to_delete: list[Source] = Field(default_factory=list)
    orphaned_sources: list[Source] = Field(default_factory=list)


class StateFile:
    """Keeps a World in one JSON file that is replaced whole, so a kill leaves the old or the new one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "genesys.json"
        self.earlier_users: list[dict[str, Any]] = []
        """Users of a file from a time when they were kept in it; set by `load`."""

    def load(self) -> World:
        """The stored world, or a fresh organization that is stored at once."""
        if self._path.exists():
            document = json.loads(self._path.read_text(encoding="utf-8"))
            self.earlier_users = document.pop("users", [])
            for counter in ("delivered", "rejected"):
                document.pop(counter, None)
            return World.model_validate(document)
        world = World()
        self.save(world)
        return world

    def save(self, world: World) -> None:
        """Replaces the file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".genesys-", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(world.model_dump_json(indent=1))
        Path(temporary).replace(self._path)
