"""Events on their way to AWS, kept in SQLite so that neither a kill nor an outage loses one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from gcbridge.sandbox.genesys.partner import PartnerEvent

# PutPartnerEvents takes 1 to 20 entries a call.
_LARGEST_BATCH = 20
# The sum of a call's entries is limited too (256 KB, later 1 MB): stay below the older figure.
_LARGEST_BATCH_CHARACTERS = 100_000
# Genesys queues and retries "up to four days" when EventBridge cannot be reached (blog, 2022-07-29).
FOUR_DAYS_SECONDS = 4 * 24 * 3600

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queued REAL NOT NULL, region TEXT NOT NULL, source TEXT NOT NULL,
    detail_type TEXT NOT NULL, detail TEXT NOT NULL, time TEXT NOT NULL)
"""


@dataclass(frozen=True)
class QueuedEvent:
    """An event with its place in the queue."""

    id: int
    event: PartnerEvent


class Outbox:
    """A first-in first-out queue in one SQLite file; use it from one thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "outbox.sqlite3", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(_SCHEMA)

    def add(self, events: Iterable[PartnerEvent]) -> None:
        """Queues all of them or, on a failure, none."""
        queued = time.time()
        rows = [(queued, e.region, e.source, e.detail_type, e.detail, e.time.isoformat()) for e in events]
        self._database.execute("BEGIN")
        with self._database:
            self._database.executemany(
                "INSERT INTO outbox (queued, region, source, detail_type, detail, time) VALUES (?,?,?,?,?,?)",
                rows,
            )

    def next_batch(self) -> list[QueuedEvent]:
        """The oldest events of one region, in order, as many as one call takes; empty when none wait."""
        rows = self._database.execute(
            "SELECT id, region, source, detail_type, detail, time FROM outbox ORDER BY id LIMIT ?",
            (_LARGEST_BATCH,),
        ).fetchall()
        batch = [_read_row(row) for row in rows]
        sizes = accumulate(len(item.event.detail) for item in batch)
        fitting = [
            item
            for item, size in zip(batch, sizes, strict=True)
            if size <= _LARGEST_BATCH_CHARACTERS and item.event.region == batch[0].event.region
        ]
        return fitting or batch[:1]

    def remove(self, items: Sequence[QueuedEvent]) -> None:
        """Forgets events that were delivered or refused."""
        self._database.executemany("DELETE FROM outbox WHERE id = ?", [(item.id,) for item in items])

    def drop_older_than(self, seconds: float) -> int:
        """Gives up on events queued longer ago; returns how many."""
        deadline = time.time() - seconds
        return self._database.execute("DELETE FROM outbox WHERE queued < ?", (deadline,)).rowcount

    def waiting(self) -> int:
        """How many events wait."""
        return int(self._database.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def close(self) -> None:
        """Closes the file."""
        self._database.close()


def _read_row(row: tuple[int, str, str, str, str, str]) -> QueuedEvent:
    identity, region, source, detail_type, detail, time_text = row
    return QueuedEvent(
        identity, PartnerEvent(region, source, detail_type, detail, datetime.fromisoformat(time_text))
    )
