"""Every audit that was published, in SQLite, so that queries find it also after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcbridge.sandbox.genesys.records import open_database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS audits (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, service TEXT NOT NULL, action TEXT NOT NULL,
    entity_type TEXT NOT NULL, entity_id TEXT NOT NULL, user_id TEXT NOT NULL, client_id TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS audits_at ON audits (at)
"""
FILTER_COLUMNS = {
    "UserId": "user_id",
    "ClientId": "client_id",
    "Action": "action",
    "EntityType": "entity_type",
    "EntityId": "entity_id",
}
"""Filter property of an audit query -> the column it looks at."""


@dataclass(frozen=True)
class AuditQuery:
    """What to look for: times are ISO texts in UTC with milliseconds, `since` is in the interval, `until` is not."""

    since: str
    until: str
    service: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    is_descending: bool = True


class AuditLog:
    """Grows without end; a sandbox is not that old."""

    def __init__(self, folder: Path) -> None:
        self._database = open_database(folder / "audits.sqlite3", _SCHEMA)

    def add(self, bodies: Iterable[Mapping[str, Any]]) -> None:
        """Keeps the `eventBody` of audit events; one without a time, as `emit` may be given, cannot be found."""
        rows = [_row(body) for body in bodies if isinstance(body.get("eventTime"), str)]
        self._database.execute("BEGIN")
        with self._database:
            self._database.executemany(
                "INSERT INTO audits (at, service, action, entity_type, entity_id, user_id, client_id, body)"
                " VALUES (?,?,?,?,?,?,?,?)",
                rows,
            )

    def find(self, query: AuditQuery, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
        """The `eventBody` of matching audits, by time."""
        where, values = _conditions(query)
        order = "DESC" if query.is_descending else "ASC"
        rows = self._database.execute(
            f"SELECT body FROM audits WHERE {where} ORDER BY at {order}, number {order} LIMIT ? OFFSET ?",  # noqa: S608
            (*values, limit, offset),
        )
        return [json.loads(body) for (body,) in rows]

    def count(self, query: AuditQuery) -> int:
        """How many match."""
        where, values = _conditions(query)
        row = self._database.execute(f"SELECT count(*) FROM audits WHERE {where}", values).fetchone()  # noqa: S608
        return int(row[0])

    def kinds(self) -> list[tuple[str, str, str]]:
        """Service, entity type and action of everything that was ever audited, sorted."""
        rows = self._database.execute(
            "SELECT DISTINCT service, entity_type, action FROM audits ORDER BY 1, 2, 3"
        )
        return [(service, entity_type, action) for service, entity_type, action in rows]

    def close(self) -> None:
        """Closes the file."""
        self._database.close()


def _row(body: Mapping[str, Any]) -> tuple[str, ...]:
    entity, client = body.get("entity") or {}, body.get("clientId") or {}
    return (
        body["eventTime"],
        str(body.get("serviceName", "")),
        str(body.get("action", "")),
        str(body.get("entityType", "")),
        str(entity.get("id", "")),
        str(body.get("userId", "")),
        str(client.get("id", "")),
        json.dumps(body, ensure_ascii=False),
    )


def _conditions(query: AuditQuery) -> tuple[str, list[str]]:
    """Column names are those of FILTER_COLUMNS, so no caller's text becomes SQL."""
    conditions, values = ["at >= ?", "at < ?"], [query.since, query.until]
    if query.service is not None:
        conditions.append("service = ?")
        values.append(query.service)
    for name, value in query.filters:
        conditions.append(f"{FILTER_COLUMNS[name]} = ?")
        values.append(value)
    return " AND ".join(conditions), values
