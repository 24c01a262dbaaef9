"""Executions of workflows: kept in SQLite, so that a test still finds them after a restart.

An execution is recorded and over at once: what the workflow would do is not emulated.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from gcbridge.sandbox.genesys.architect.flows import Flow
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.entities import new_id
from gcbridge.sandbox.genesys.records import open_database
from gcbridge.sandbox.genesys.world import Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS executions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, flow_id TEXT NOT NULL,
    trigger_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS executions_flow ON executions (flow_id);
CREATE INDEX IF NOT EXISTS executions_trigger ON executions (trigger_id)
"""


class Execution(Record):
    """One start of a workflow, by a trigger or by a call."""

    id: str = Field(default_factory=new_id)
    name: str
    flow_id: str
    flow_version: str
    trigger_id: str = ""
    topic: str = ""
    """Concrete topic of the event that started it."""
    input_data: dict[str, Any] = Field(default_factory=dict)
    launched_at: str = Field(default_factory=now_iso)


def start_of(flow: Flow, input_data: dict[str, Any], **told: str) -> Execution:
    """An execution of the published version."""
    given = {"name": flow.name} | {key: value for key, value in told.items() if value}
    return Execution(flow_id=flow.id, flow_version=f"{flow.version}.0", input_data=input_data, **given)


class Executions:
    """Grows without end; a sandbox is not that old."""

    def __init__(self, folder: Path) -> None:
        self._database = open_database(folder / "executions.sqlite3", _SCHEMA)

    def add(self, executions: Sequence[Execution]) -> None:
        """Writes all of them or, on a failure, none; one whose id is known is there already."""
        rows = [(one.id, one.flow_id, one.trigger_id, one.model_dump_json()) for one in executions]
        self._database.execute("BEGIN")
        with self._database:
            self._database.executemany(
                "INSERT OR IGNORE INTO executions (id, flow_id, trigger_id, body) VALUES (?,?,?,?)", rows
            )

    def find(self, identity: str) -> Execution | None:
        """The execution with this id."""
        row = self._database.execute("SELECT body FROM executions WHERE id = ?", (identity,)).fetchone()
        return None if row is None else Execution.model_validate_json(row[0])

    def list(self, *, flow_id: str = "", trigger_id: str = "", limit: int = 1_000) -> list[dict[str, Any]]:
        """The oldest ones of a workflow, of a trigger, or of all, in the order in which they began."""
        rows = self._database.execute(
            "SELECT body FROM executions WHERE (? = '' OR flow_id = ?) AND (? = '' OR trigger_id = ?)"
            " ORDER BY number LIMIT ?",
            (flow_id, flow_id, trigger_id, trigger_id, limit),
        )
        return [json.loads(body) for (body,) in rows]

    def count(self) -> int:
        """How many there ever were."""
        return int(self._database.execute("SELECT count(*) FROM executions").fetchone()[0])

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
