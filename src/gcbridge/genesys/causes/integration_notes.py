"""Cause `integration_notes`: the notes of the bridge's own integration carry a mark for a while."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from gcbridge.genesys.causes.caused import Caused, probe_text, utc_now
from gcbridge.genesys.causes.journal import NotesChange
from gcbridge.genesys.causes.notes import rewrite_notes, without_marks
from gcbridge.genesys.causes.recognizing import is_notes_event
from gcbridge.genesys.causes.restoring import restoring
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.naming import CAUSE_TOPICS


@contextmanager
def cause_integration_notes(
    genesys: GenesysCloud,
    integration_id: str,
    run_id: str,
    *,
    journal: Path,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[NotesCause]:
    """The integration's notes end in ` (gcbridge probe <run id>-<n>)` inside the block.

    Needs `integrations:integration:view` and `integrations:integration:edit`. That a live organization audits
    a change of notes follows from the audit catalogue (service Integrations, entity Integration); no captured
    event shows it.

    Args:
        genesys: the organization.
        integration_id: the integration whose notes change; its properties stay as they are.
        run_id: tells this run's events from others.
        journal: where it stands what to put back.
        now: this machine's clock.

    Raises:
        GenesysError: no such integration, or Genesys Cloud refused.
    """
    with restoring(genesys, journal, NotesChange(integration_id=integration_id, run_id=run_id)):
        yield NotesCause(genesys, integration_id, run_id, now)


class NotesCause:
    """Writes another mark at each call."""

    def __init__(
        self, genesys: GenesysCloud, integration_id: str, run_id: str, now: Callable[[], datetime]
    ) -> None:
        self._genesys = genesys
        self._integration_id = integration_id
        self._run_id = run_id
        self._now = now
        self._made = 0

    @property
    def concrete_topics(self) -> tuple[str, ...]:
        """Only audits tell of it, and those the notification service may not carry."""
        return (f"v2.audits.entitytype.Integration.entityid.{self._integration_id}",)

    def make(self) -> tuple[Caused]:
        """The next mark in place of the last.

        Raises:
            GenesysError: Genesys Cloud refused or could not be reached.
        """
        self._made += 1
        text = probe_text(self._run_id, self._made)
        mark = f" ({text})"
        rewrite_notes(
            self._genesys, self._integration_id, lambda notes: without_marks(notes, self._run_id) + mark
        )
        accepted_at, stamped_at = self._now(), self._genesys.answered_at
        matches = functools.partial(
            is_notes_event,
            integration_id=self._integration_id,
            marker=mark,
            since=stamped_at or accepted_at,
        )
        return (
            Caused(
                topics=CAUSE_TOPICS["integration_notes"],
                accepted_at=accepted_at,
                matches=matches,
                description=f"notes of integration {self._integration_id} marked with {text}",
                stamped_at=stamped_at,
            ),
        )
