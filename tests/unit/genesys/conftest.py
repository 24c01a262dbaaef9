"""An organization in memory, for tests of what happens around the API calls."""

from datetime import datetime, timezone

import pytest

from gcbridge.errors import GenesysError
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.observing import Configuration, PresenceDefinition, UserObservation, UserPresence

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=timezone.utc)


def show(definition_id, message=""):
    """A presence whose id is its name in lower case."""
    return UserPresence(definition_id=definition_id, system_presence=definition_id.title(), message=message)


class OrganizationInMemory:
    """Offers the methods of GenesysCloud that causes call; `refuse` makes one of them fail."""

    answered_at = NOW

    def __init__(self):
        self.definitions = tuple(
            PresenceDefinition(
                definition_id=name.lower(), system_presence=name, labels=(name,), is_system=True
            )
            for name in ("Available", "Busy", "OnQueue", "Away")
        )
        self.shown = show("available", "at my desk")
        self.current = Configuration(
            version=3,
            name="dev events",
            notes="owned by platform",
            properties={"eventFilter": []},
            advanced={},
            credential_ids={},
        )
        self.clients = {"c-0": "payroll"}
        self.refusals = {}
        self.calls = []

    def refuse(self, method, *statuses):
        """The next calls of a method fail with these statuses, one after the other."""
        self.refusals[method] = list(statuses)

    def find_user(self, user):
        """Everybody is Ada."""
        self._answer("find_user", user)
        return UserObservation(user_id="u-1", name="Ada")

    def presence(self, user_id):
        """What Ada shows."""
        self._answer("presence", user_id)
        return self.shown

    def presence_definitions(self):
        """Four system presences."""
        return self.definitions

    def set_presence(self, user_id, definition_id, message):
        """Ada shows another one."""
        self._answer("set_presence", user_id)
        self.shown = show(definition_id, message)

    def configuration(self, integration_id):
        """The configuration of the only integration."""
        self._answer("configuration", integration_id)
        return self.current

    def write_notes(self, integration_id, configuration, notes):
        """Raises the version, as Genesys Cloud does."""
        self._answer("write_notes", integration_id)
        self.current = configuration.model_copy(update={"notes": notes, "version": configuration.version + 1})

    def create_oauth_client(self, name):
        """Ids count up."""
        self._answer("create_oauth_client", name)
        client_id = f"c-{len(self.calls)}"
        self.clients[client_id] = name
        return client_id

    def delete_oauth_client(self, client_id):
        """Gone."""
        self._answer("delete_oauth_client", client_id)
        del self.clients[client_id]

    def oauth_clients(self):
        """Everybody's."""
        return tuple(self.clients.items())

    def _answer(self, method, about):
        self.calls.append((method, about))
        statuses = self.refusals.get(method)
        status = statuses.pop(0) if statuses else None
        if status == 0:
            raise GenesysError("Genesys Cloud cannot be reached")
        if status is not None:
            raise GenesysRefusedError("no", status=status, where="", detail="", hint="")


@pytest.fixture
def organization():
    return OrganizationInMemory()


@pytest.fixture
def now():
    return lambda: NOW
