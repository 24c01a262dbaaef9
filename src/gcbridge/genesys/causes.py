"""Harmless changes that Genesys Cloud turns into events; each puts back what it changed, also after a crash.

A customer cannot put events on a partner event bus, so the only proof that events arrive is a real one. Before
each change the journal says what to put back; the entry goes once it was put back. After a crash the next run
calls `restore_leftovers`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random

from gcbridge.errors import GenesysError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.journal import (
    Change,
    NotesChange,
    PresenceChange,
    add_change,
    drop_change,
    read_journal,
)
from gcbridge.genesys.observing import PresenceDefinition, UserPresence
from gcbridge.genesys.recognizing import is_notes_event, is_presence_event
from gcbridge.model.naming import CAUSE_TOPICS

_CHOICES = ("Busy", "Available")
_ON_QUEUE = "onqueue"
_VERSION_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Caused:
    """A change was made; one event for each topic that the integration sends should follow.

    Args:
        topics: topic templates that can carry it.
        accepted_at: when Genesys Cloud accepted the change, by this machine's clock (UTC).
        matches: recognizes the event, as EventBridge delivers it, by its content.
        description: one clause, such as `presence of Ada set to Busy`.
    """

    topics: tuple[str, ...]
    accepted_at: datetime
    matches: Callable[[Mapping[str, Any]], bool]
    description: str


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(timezone.utc)


@contextmanager
def cause_presence(
    genesys: GenesysCloud, user: str, *, journal: Path, now: Callable[[], datetime] = utc_now
) -> Iterator[Caused]:
    """Shows a user as Busy (Available if already Busy) inside the block, and as before after it.

    Reading and setting presences needs no permission by the API documentation, an e-mail address
    `directory:user:view`. Whether a live organization sends `v2.users.{id}.presence` to EventBridge is not
    documented; the audit of a presence change has been captured.

    Args:
        genesys: the organization.
        user: id or e-mail address; a test user is best.
        journal: where it stands what to put back.
        now: this machine's clock.

    Raises:
        GenesysError: no such user, the user takes calls at this moment (On Queue), or Genesys Cloud refused.
    """
    person = genesys.find_user(user)
    before = genesys.presence(person.user_id)
    chosen = choose_presence(before, genesys.presence_definitions())
    change = PresenceChange(
        user_id=person.user_id,
        definition_id=before.definition_id,
        message=before.message,
        changed_definition_id=chosen.definition_id,
    )
    with _restoring(genesys, journal, change):
        genesys.set_presence(person.user_id, chosen.definition_id, before.message)
        accepted_at = now()
        since = genesys.answered_at or accepted_at
        yield Caused(
            topics=CAUSE_TOPICS["presence"],
            accepted_at=accepted_at,
            matches=functools.partial(
                is_presence_event, user_id=person.user_id, definition=chosen, since=since
            ),
            description=f"presence of {person.name} set to {chosen.system_presence}",
        )


@contextmanager
def cause_integration_notes(
    genesys: GenesysCloud,
    integration_id: str,
    run_id: str,
    *,
    journal: Path,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[Caused]:
    """Appends ` (gcbridge probe <run id>)` to the integration's notes inside the block.

    Needs `integrations:integration:view` and `integrations:integration:edit`. That a live organization audits
    a change of notes follows from the audit catalogue (service Integrations, entity Integration); no captured
    event shows it.

    Args:
        genesys: the organization.
        integration_id: the integration whose notes change; its properties stay as they are.
        run_id: tells this run's event from others.
        journal: where it stands what to put back.
        now: this machine's clock.

    Raises:
        GenesysError: no such integration, or Genesys Cloud refused.
    """
    marker = f" (gcbridge probe {run_id})"
    change = NotesChange(integration_id=integration_id, marker=marker)
    with _restoring(genesys, journal, change):
        _rewrite_notes(genesys, integration_id, lambda notes: notes + marker)
        accepted_at = now()
        since = genesys.answered_at or accepted_at
        yield Caused(
            topics=CAUSE_TOPICS["integration_notes"],
            accepted_at=accepted_at,
            matches=functools.partial(
                is_notes_event, integration_id=integration_id, marker=marker, since=since
            ),
            description=f"notes of integration {integration_id} marked with{marker}",
        )


def choose_presence(before: UserPresence, definitions: tuple[PresenceDefinition, ...]) -> PresenceDefinition:
    """Busy, or Available for who is Busy: system presences that every organization has.

    Raises:
        GenesysError: the user is On Queue, where a change would take calls away; or neither presence exists.
    """
    if before.system_presence.replace("_", "").replace(" ", "").casefold() == _ON_QUEUE:
        raise GenesysError(
            "the user is On Queue, and a change of presence would take the user off the queue",
            where="verify.user",
            hint="set verify.user to a test user, or verify.cause to integration_notes",
        )
    for name in _CHOICES:
        for definition in definitions:
            is_other = definition.definition_id != before.definition_id
            if definition.is_system and is_other and definition.system_presence.casefold() == name.casefold():
                return definition
    raise GenesysError(
        "the organization has no system presence Busy or Available",
        where="GET /api/v2/presence/definitions",
        hint="set verify.cause to integration_notes",
    )


def restore_leftovers(genesys: GenesysCloud, journal: Path) -> tuple[str, ...]:
    """Puts back what earlier runs, ended by a crash, left changed; all of it before the first error is raised.

    Args:
        genesys: the organization.
        journal: the file that `cause_presence` and `cause_integration_notes` were given.

    Returns:
        One clause for each change that was undone.

    Raises:
        GenesysError: the file is damaged, or Genesys Cloud refused; what was not restored stays in the journal.
    """
    outcomes = [(change, _try_restore(genesys, journal, change)) for change in read_journal(journal)]
    for _change, failure in outcomes:
        if failure:
            raise failure
    return tuple(_describe(change) for change, _failure in outcomes)


@contextmanager
def _restoring(genesys: GenesysCloud, journal: Path, change: Change) -> Iterator[None]:
    """What the block raised matters more than a failed restoration, which the journal keeps for the next run."""
    add_change(journal, change)
    try:
        yield
    except BaseException:
        with suppress(GenesysError):
            _restore(genesys, journal, change)
        raise
    _restore(genesys, journal, change)


def _try_restore(genesys: GenesysCloud, journal: Path, change: Change) -> GenesysError | None:
    try:
        _restore(genesys, journal, change)
    except GenesysError as error:
        return error
    return None


def _restore(genesys: GenesysCloud, journal: Path, change: Change) -> None:
    try:
        match change:
            case PresenceChange():
                _restore_presence(genesys, change)
            case NotesChange(integration_id=integration_id, marker=marker):
                _rewrite_notes(genesys, integration_id, lambda notes: notes.replace(marker, ""))
    except GenesysRefusedError as refusal:
        if refusal.status != 404:  # a user or integration that is gone needs nothing
            raise
    drop_change(journal, change)


def _restore_presence(genesys: GenesysCloud, change: PresenceChange) -> None:
    """Not over what the person chose since: another presence, or the same one with a text of their own."""
    now = genesys.presence(change.user_id)
    if now.definition_id == change.changed_definition_id and now.message in {"", change.message}:
        genesys.set_presence(change.user_id, change.definition_id, change.message)


def _rewrite_notes(genesys: GenesysCloud, integration_id: str, rewrite: Callable[[str], str]) -> None:
    """Reads and writes again when somebody else wrote in between (optimistic lock by `version`)."""
    for attempt in Retrying(
        retry=retry_if_exception(_is_version_conflict),
        stop=stop_after_attempt(_VERSION_ATTEMPTS),
        wait=wait_random(0, 0.5),
        reraise=True,
    ):
        with attempt:
            configuration = genesys.configuration(integration_id)
            notes = rewrite(configuration.notes)
            if notes != configuration.notes:
                genesys.write_notes(integration_id, configuration, notes)


def _is_version_conflict(error: BaseException) -> bool:
    """409, or 400 with the sentence that the genesyscloud provider looks for."""
    return isinstance(error, GenesysRefusedError) and (
        error.status == 409 or (error.status == 400 and "does not match the current version" in error.detail)
    )


def _describe(change: Change) -> str:
    match change:
        case PresenceChange(user_id=user_id):
            return f"presence of user {user_id}"
        case NotesChange(integration_id=integration_id):
            return f"notes of integration {integration_id}"
