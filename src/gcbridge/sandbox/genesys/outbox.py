"""Events on their way to AWS, kept in SQLite so that neither a kill nor an outage loses one."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from gcbridge.sandbox.genesys.partner import PartnerEvent
from gcbridge.sandbox.genesys.records import open_database

# PutPartnerEvents takes 1 to 20 entries a call.
_LARGEST_BATCH = 20
# The sum of a call's entries is limited too (256 KB, later 1 MB): stay below the older figure.
_LARGEST_BATCH_CHARACTERS = 100_000
# Genesys queues and retries "up to four days" when EventBridge cannot be reached (blog, 2022-07-29).
FOUR_DAYS_SECONDS = 4 * 24 * 3600
# An event that shall be overtaken goes by itself when nothing comes to overtake it.
LONGEST_HOLD_SECONDS = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queued REAL NOT NULL, region TEXT NOT NULL, source TEXT NOT NULL,
    detail_type TEXT NOT NULL, detail TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settled (what TEXT PRIMARY KEY, count INTEGER NOT NULL);
INSERT OR IGNORE INTO settled VALUES ('delivered', 0), ('rejected', 0);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due);
CREATE INDEX IF NOT EXISTS outbox_held ON outbox (source) WHERE held = 1;
"""
_COLUMNS = "region, source, detail_type, detail, time"


@dataclass(frozen=True)
class QueuedEvent:
    """An event with its place in the queue."""

    id: int
    event: PartnerEvent


@dataclass(frozen=True)
class Dispatch:
    """An event to queue, not to be sent before `due` (seconds since 1970) unless it is held and overtaken before."""

    event: PartnerEvent
    due: float = 0.0
    is_held: bool = False


class Outbox:
    """A first-in first-out queue in one SQLite file; use it from one thread."""

    def __init__(self, folder: Path) -> None:
        self._database = open_database(folder / "outbox.sqlite3", _SCHEMA)
        self._add_column("due", "REAL NOT NULL DEFAULT 0")
        self._add_column("held", "INTEGER NOT NULL DEFAULT 0")
        self._database.executescript(_INDEXES)

    def add(self, dispatches: Sequence[Dispatch]) -> None:
        """Queues all of them or, on a failure, none; a held one comes right behind the next of its source."""
        with self._transaction():
            held = self._take_held({dispatch.event.source for dispatch in dispatches})
            for dispatch in dispatches:
                waiting = held[dispatch.event.source]
                if dispatch.is_held:
                    waiting.append(dispatch)
                    continue
                self._insert(dispatch)
                for overtaken in waiting:
                    self._insert(Dispatch(overtaken.event, dispatch.due))
                waiting.clear()
            for dispatch in (late for waiting in held.values() for late in waiting):
                self._insert(dispatch)

    def next_batch(self) -> list[QueuedEvent]:
        """The oldest events of one region, in order, as many as one call takes; empty when none is due."""
        rows = self._database.execute(
            f"SELECT id, {_COLUMNS} FROM outbox WHERE due <= ? ORDER BY id LIMIT ?",  # noqa: S608 - own names
            (time.time(), _LARGEST_BATCH),
        ).fetchall()
        batch = [QueuedEvent(row[0], _read_event(*row[1:])) for row in rows]
        sizes = accumulate(len(item.event.detail) for item in batch)
        fitting = [
            item
            for item, size in zip(batch, sizes, strict=True)
            if size <= _LARGEST_BATCH_CHARACTERS and item.event.region == batch[0].event.region
        ]
        return fitting or batch[:1]

    def settle(self, delivered: Sequence[QueuedEvent], rejected: Sequence[QueuedEvent]) -> None:
        """Forgets events that AWS took or refused, and counts them."""
        with self._transaction():
            ids = [(item.id,) for item in (*delivered, *rejected)]
            self._database.executemany("DELETE FROM outbox WHERE id = ?", ids)
            counts = [(len(delivered), "delivered"), (len(rejected), "rejected")]
            self._database.executemany("UPDATE settled SET count = count + ? WHERE what = ?", counts)

    def drop_older_than(self, seconds: float) -> int:
        """Gives up on events queued longer ago; returns how many."""
        deadline = time.time() - seconds
        return self._database.execute("DELETE FROM outbox WHERE queued < ?", (deadline,)).rowcount

    def counts(self) -> dict[str, int]:
        """How many events wait, and how many were ever delivered and rejected."""
        waiting = int(self._database.execute("SELECT count(*) FROM outbox").fetchone()[0])
        settled = dict(self._database.execute("SELECT what, count FROM settled"))
        return {"waiting": waiting, "delivered": settled["delivered"], "rejected": settled["rejected"]}

    def next_due_in(self) -> float | None:
        """Seconds until the next event is due, 0 when one is; None when none waits."""
        due = self._database.execute("SELECT min(due) FROM outbox").fetchone()[0]
        return None if due is None else max(0.0, due - time.time())

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _insert(self, dispatch: Dispatch) -> None:
        event = dispatch.event
        place = (event.region, event.source, event.detail_type, event.detail, event.time.isoformat())
        self._database.execute(
            f"INSERT INTO outbox (queued, due, held, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)",  # noqa: S608
            (time.time(), dispatch.due, dispatch.is_held, *place),
        )

    def _take_held(self, sources: Iterable[str]) -> defaultdict[str, list[Dispatch]]:
        """Takes out what still waits to be overtaken by an event of one of the sources."""
        held: defaultdict[str, list[Dispatch]] = defaultdict(list)
        for source in sources:
            rows = self._database.execute(
                f"DELETE FROM outbox WHERE held = 1 AND source = ? AND due > ? RETURNING id, due, {_COLUMNS}",  # noqa: S608
                (source, time.time()),
            ).fetchall()
            held[source] = [Dispatch(_read_event(*row[2:]), row[1], is_held=True) for row in sorted(rows)]
        return held

    def _add_column(self, name: str, kind: str) -> None:
        """Files of an earlier version lack it."""
        names = {row[1] for row in self._database.execute("PRAGMA table_info(outbox)")}
        if name not in names:
            self._database.execute(f"ALTER TABLE outbox ADD COLUMN {name} {kind}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN")
        with self._database:
            yield


def _read_event(region: str, source: str, detail_type: str, detail: str, time_text: str) -> PartnerEvent:
    return PartnerEvent(region, source, detail_type, detail, datetime.fromisoformat(time_text))
