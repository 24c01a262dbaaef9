"""From an event to its workflows: criteria, age, delay, start."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from gcbridge.sandbox.genesys.architect.executions import Execution, Executions, start_of
from gcbridge.sandbox.genesys.architect.flows import Flows
from gcbridge.sandbox.genesys.clock import now
from gcbridge.sandbox.genesys.entities import new_id
from gcbridge.sandbox.genesys.process_automation.triggers import Trigger, Triggers
from gcbridge.sandbox.genesys.records import open_database

_LOG = logging.getLogger(__name__)
# "The workflow must be configured to have an input variable named jsonData of type JSON"
# (help.mypurecloud.com, Create a trigger).
JSON_INPUT = "jsonData"
_LONGEST_SLEEP = 3_600.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS delayed (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due REAL NOT NULL, trigger_id TEXT NOT NULL, detail TEXT NOT NULL)
"""


def input_of(trigger: Trigger, body: dict[str, Any]) -> dict[str, Any]:
    """What the workflow gets of the event's body."""
    if trigger.target.wants_json:
        return {JSON_INPUT: body}
    return {key: value for key, value in body.items() if isinstance(value, str | int | float | bool)}


class Firing:
    """Starts workflows at once, and delayed ones from one task; what is delayed outlasts a kill.

    Args:
        triggers: whom events are offered to.
        flows: whose workflows are started.
        executions: where starts are recorded.
        folder: where delayed starts are kept.
        delay_factor: what `delayBySeconds` is multiplied with.
    """

    def __init__(
        self, triggers: Triggers, flows: Flows, executions: Executions, folder: Path, delay_factor: float
    ) -> None:
        self._triggers = triggers
        self._flows = flows
        self._executions = executions
        self._delay_factor = delay_factor
        self._database = open_database(folder / "delayed.sqlite3", _SCHEMA)
        self._wake = asyncio.Event()
        self._tally: Counter[str] = Counter(expired=0, unstarted=0)

    def offer(self, topic: str, details: Sequence[dict[str, Any]]) -> None:
        """Offers the `detail`s of one topic template to the enabled triggers of it."""
        triggers = [trigger for trigger in self._triggers.of_topic(topic) if trigger.enabled]
        hits = [(trigger, detail) for detail in details for trigger in triggers if _matches(trigger, detail)]
        fresh = [hit for hit in hits if not _is_too_old(*hit)]
        self._tally["expired"] += len(hits) - len(fresh)
        self._start([(*hit, new_id()) for hit in fresh if hit[0].delay_by_seconds is None])
        self._delay([hit for hit in fresh if hit[0].delay_by_seconds is not None])

    def counts(self) -> dict[str, int]:
        """Starts that wait, events that were too old, and starts without a workflow, since the process began."""
        waiting = self._database.execute("SELECT count(*) FROM delayed").fetchone()[0]
        return {"executions": self._executions.count(), "waiting": int(waiting), **self._tally}

    async def run(self) -> None:
        """Starts what was delayed when its time comes, until cancelled; begins with what an earlier run left."""
        while True:
            self._start_due()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._next_due_in())
            self._wake.clear()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _start(self, hits: Sequence[tuple[Trigger, dict[str, Any], str]]) -> None:
        starts = [start for hit in hits if (start := self._start_of(*hit))]
        self._tally["unstarted"] += len(hits) - len(starts)
        if starts:
            self._executions.add(starts)

    def _start_of(self, trigger: Trigger, detail: dict[str, Any], identity: str) -> Execution | None:
        flow = self._flows.find_workflow(trigger.target.id)
        if flow is None:
            _LOG.warning("trigger %s: there is no workflow %s", trigger.name, trigger.target.id)
            return None
        given = input_of(trigger, detail["eventBody"])
        topic = str(detail.get("topicName", ""))
        return start_of(flow, given, id=identity, trigger_id=trigger.id, topic=topic)

    def _delay(self, hits: Sequence[tuple[Trigger, dict[str, Any]]]) -> None:
        rows = [
            (
                time.time() + (trigger.delay_by_seconds or 0) * self._delay_factor,
                trigger.id,
                json.dumps(detail),
            )
            for trigger, detail in hits
        ]
        if rows:
            self._database.execute("BEGIN")
            with self._database:
                self._database.executemany(
                    "INSERT INTO delayed (due, trigger_id, detail) VALUES (?,?,?)", rows
                )
            self._wake.set()

    def _start_due(self) -> None:
        """A trigger that was deleted or disabled meanwhile starts nothing; what a kill left behind starts once."""
        rows = self._database.execute(
            "SELECT id, trigger_id, detail FROM delayed WHERE due <= ? ORDER BY due, id", (time.time(),)
        ).fetchall()
        self._start(
            [
                (trigger, json.loads(text), _execution_of(number, trigger_id))
                for number, trigger_id, text in rows
                if (trigger := self._triggers.all.get(trigger_id)) and trigger.enabled
            ]
        )
        self._database.executemany("DELETE FROM delayed WHERE id = ?", [(number,) for number, _, _ in rows])

    def _next_due_in(self) -> float:
        due = self._database.execute("SELECT min(due) FROM delayed").fetchone()[0]
        return _LONGEST_SLEEP if due is None else min(max(0.0, due - time.time()), _LONGEST_SLEEP)


def _execution_of(number: int, trigger_id: str) -> str:
    """Always the same for a delayed start: its execution and its end are written to two files, one after the other."""
    return str(uuid.uuid5(uuid.UUID(trigger_id), str(number)))


def _matches(trigger: Trigger, detail: dict[str, Any]) -> bool:
    body = detail.get("eventBody")
    return isinstance(body, dict) and trigger.matches(body)


def _is_too_old(trigger: Trigger, detail: dict[str, Any]) -> bool:
    """The age counts from the envelope's `timestamp`; an event without one is young."""
    if trigger.event_ttl_seconds is None:
        return False
    try:
        sent = datetime.fromisoformat(str(detail.get("timestamp")).replace("Z", "+00:00"))
        return (now() - sent).total_seconds() > trigger.event_ttl_seconds
    except (ValueError, TypeError):
        return False
