"""Cause `presence`: a test user shows other presences for a while."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gcbridge.errors import GenesysError
from gcbridge.genesys.causes.caused import PROBE_TEXT, Caused, probe_text, utc_now
from gcbridge.genesys.causes.journal import PresenceChange
from gcbridge.genesys.causes.recognizing import is_presence_event
from gcbridge.genesys.causes.restoring import restoring
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.observing import PresenceDefinition, UserObservation, UserPresence
from gcbridge.model.naming import CAUSE_TOPICS, PRESENCE_TOPIC

_CHOICES = ("Busy", "Available")
_ON_QUEUE = "onqueue"


@contextmanager
def cause_presence(
    genesys: GenesysCloud, user: str, run_id: str, *, journal: Path, now: Callable[[], datetime] = utc_now
) -> Iterator[PresenceCause]:
    """A user shows Busy and Available in turns, with `gcbridge probe <run id>-<n>` beside it, and at the end what it was.

    Reading and setting presences needs no permission by the API documentation, an e-mail address
    `directory:user:view`. Whether a live organization sends `v2.users.{id}.presence` to EventBridge is not
    documented; the audit of a presence change has been captured.

    Args:
        genesys: the organization.
        user: id or e-mail address; a test user is best.
        run_id: tells this run's events from others.
        journal: where it stands what to put back.
        now: this machine's clock.

    Raises:
        GenesysError: no such user, the user takes calls at this moment (On Queue), another run is changing the
            presence, or Genesys Cloud refused.
    """
    person = genesys.find_user(user)
    before = genesys.presence(person.user_id)
    _check_nobody_else_proves(before, person.name)
    turns = choose_presences(before, genesys.presence_definitions())
    change = PresenceChange(
        user_id=person.user_id,
        definition_id=before.definition_id,
        message=before.message,
        changed_definition_ids=tuple(turn.definition_id for turn in turns),
        run_id=run_id,
    )
    with restoring(genesys, journal, change):
        yield PresenceCause(genesys, person, before, turns, run_id, now)


@dataclass
class PresenceCause:
    """Changes one user's presence at each call.

    Args:
        genesys: the organization.
        person: whose presence.
        before: what the person showed.
        turns: what to show in turns.
        run_id: tells this run's events from others.
        now: this machine's clock.
    """

    genesys: GenesysCloud
    person: UserObservation
    before: UserPresence
    turns: Sequence[PresenceDefinition]
    run_id: str
    now: Callable[[], datetime]
    _made: int = 0

    @property
    def concrete_topics(self) -> tuple[str, ...]:
        """The presence of this user, and its audits, which the notification service may not carry."""
        user_id = self.person.user_id
        return (
            PRESENCE_TOPIC.replace("{id}", user_id),
            f"v2.audits.entitytype.UserPresence.entityid.{user_id}",
        )

    def make(self) -> tuple[Caused]:
        """The next presence in turn.

        Raises:
            GenesysError: the user shows a presence of somebody else's choice by now, such as On Queue; or Genesys Cloud refused
                or could not be reached.
        """
        if self._made:
            self._check_left_alone()
        chosen = self.turns[self._made % len(self.turns)]
        self._made += 1
        text = probe_text(self.run_id, self._made)
        self.genesys.set_presence(self.person.user_id, chosen.definition_id, text)
        accepted_at, stamped_at = self.now(), self.genesys.answered_at
        matches = functools.partial(
            is_presence_event,
            user_id=self.person.user_id,
            definition=chosen,
            text=text,
            since=stamped_at or accepted_at,
        )
        return (
            Caused(
                topics=CAUSE_TOPICS["presence"],
                accepted_at=accepted_at,
                matches=matches,
                description=f"presence of {self.person.name} set to {chosen.system_presence}",
                stamped_at=stamped_at,
            ),
        )

    def _check_left_alone(self) -> None:
        """An answer may be older than the last change, so that what was shown before gcbridge came is no surprise."""
        now = self.genesys.presence(self.person.user_id)
        if now.definition_id not in {self.before.definition_id, *(turn.definition_id for turn in self.turns)}:
            raise GenesysError(
                f"{self.person.name} was set to {now.system_presence} by somebody else meanwhile, and is left alone",
                where="verify.user",
                hint="set verify.user to a test user that nobody else changes, or verify.cause to integration_notes",
            )


def _check_nobody_else_proves(before: UserPresence, name: str) -> None:
    """What another run has set for a moment is nothing to go back to."""
    if before.message.startswith(PROBE_TEXT):
        raise GenesysError(
            f"another verification is changing the presence of {name} ({before.message})",
            where="verify.user",
            hint="wait for its end, or give each environment a test user of its own; if a crash left it so, type gcbridge verify where it "
            "crashed, or clear the text beside the presence in Genesys Cloud",
        )


def choose_presences(
    before: UserPresence, definitions: Sequence[PresenceDefinition]
) -> tuple[PresenceDefinition, ...]:
    """Busy and Available, beginning with one that the user does not show: system presences of every organization.

    Raises:
        GenesysError: the user is On Queue, where a change would take calls away; or neither presence exists.
    """
    if before.system_presence.replace("_", "").replace(" ", "").casefold() == _ON_QUEUE:
        raise GenesysError(
            "the user is On Queue, and a change of presence would take the user off the queue",
            where="verify.user",
            hint="set verify.user to a test user, or verify.cause to integration_notes",
        )
    known = [
        definition
        for name in _CHOICES
        for definition in definitions
        if definition.is_system and definition.system_presence.casefold() == name.casefold()
    ]
    known.sort(key=lambda definition: definition.definition_id == before.definition_id)
    if not known or known[0].definition_id == before.definition_id:
        raise GenesysError(
            "the organization has no system presence Busy or Available",
            where="GET /api/v2/presence/definitions",
            hint="set verify.cause to integration_notes",
        )
    return tuple(known)
