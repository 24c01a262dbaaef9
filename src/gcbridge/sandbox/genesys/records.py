"""Documents of the organization's directory in SQLite: each is written when it changes, not all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, id))
"""
_PUT = """
INSERT INTO records (kind, id, body) VALUES (?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body
"""


class Document(Protocol):
    """Anything with an id that pydantic can write."""

    id: str

    def model_dump_json(self) -> str:
        """Its text."""


Model = TypeVar("Model", bound=BaseModel)


def open_database(file: Path, schema: str) -> sqlite3.Connection:
    """A database whose committed changes outlast a kill of the process; use it from one thread."""
    file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.executescript(schema)
    return database


class Records:
    """Documents by kind and id, in the order in which they were first put."""

    def __init__(self, folder: Path) -> None:
        self._database = open_database(folder / "records.sqlite3", _SCHEMA)

    def load(self, kind: str, model: type[Model]) -> list[Model]:
        """All documents of a kind."""
        rows = self._database.execute("SELECT body FROM records WHERE kind = ? ORDER BY position", (kind,))
        return [model.model_validate_json(body) for (body,) in rows]

    def put(self, kind: str, documents: Iterable[Document]) -> None:
        """Writes all of them or, on a failure, none."""
        rows = [(kind, document.id, document.model_dump_json()) for document in documents]
        self._database.execute("BEGIN")
        with self._database:
            self._database.executemany(_PUT, rows)

    def delete(self, kind: str, identity: str) -> None:
        """Forgets one."""
        self._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, identity))

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
