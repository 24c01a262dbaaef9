"""What gcbridge asks of Genesys Cloud, one method a question."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gcbridge.errors import GenesysError
from gcbridge.genesys.available_topics import read_available_topics
from gcbridge.genesys.credentials import GenesysCredentials
from gcbridge.genesys.failures import GenesysRefusedError, explain_strange_answer
from gcbridge.genesys.observing import (
    Configuration,
    OrganizationObservation,
    PresenceDefinition,
    UserObservation,
    UserPresence,
    configuration_body,
    observe_configuration,
    observe_definitions,
    observe_integration,
    observe_organization,
    observe_presence,
    observe_user,
)
from gcbridge.genesys.session import Apis, Session
from gcbridge.genesys.transport import Patience
from gcbridge.genesys.triggers import read_triggers, read_workflow, run_trigger_test
from gcbridge.model.bridge import Organization
from gcbridge.model.naming import INTEGRATION_TYPE
from gcbridge.model.result import IntegrationObservation
from gcbridge.model.topic import Topic
from gcbridge.model.trigger_observation import TriggerObservation, TriggerTest, WorkflowObservation

_PAGE_SIZE = 100
_SHORTEST_TOKEN_SECONDS = 300
_EXPANDED = ["config.current"]
_USER_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def open_genesys(
    organization: Organization, credentials: GenesysCredentials, *, patience: Patience | None = None
) -> GenesysCloud:
    """Nothing is sent yet: the first method imports the SDK (seconds; see `sdk.prefetch`) and logs in.

    Args:
        organization: `region` chooses the address, `base_url` overrides it.
        credentials: see `credentials_from`.
        patience: timeouts and repetitions, where the defaults do not fit.

    Raises:
        GenesysError: the region is none of Genesys Cloud's.
    """
    return GenesysCloud(Session(organization, credentials, patience or Patience()))


class GenesysCloud:
    """One organization, seen through one OAuth client or token; several threads may share it.

    Every method raises GenesysRefusedError where Genesys Cloud says no (wrong credentials, missing permission,
    unknown id, rate limit) and GenesysError where it cannot be reached.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def answered_at(self) -> datetime | None:
        """Genesys Cloud's clock at its last answer (UTC, to the second); None before the first."""
        return self._session.answered_at

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._session.close()

    def organization(self) -> OrganizationObservation:
        """The organization that the credentials belong to; needs no permission."""
        return self._session.call(lambda apis: observe_organization(apis.organization.get_organizations_me()))

    def server_time(self) -> datetime:
        """Genesys Cloud's clock (UTC, to the second), from the Date header of a fresh answer; no permission."""
        self.organization()
        answered_at = self.answered_at
        if answered_at is None:
            raise explain_strange_answer(ValueError("no Date header"), self._session.base_url)
        return answered_at

    def available_topics(self) -> tuple[Topic, ...]:
        """All topics that the organization can send, with their transports; needs no permission."""
        return self._session.call(read_available_topics)

    def integrations(self) -> tuple[IntegrationObservation, ...]:
        """All integrations of type `amazon-eventbridge-source`; needs `integrations:integration:view`."""
        found: list[IntegrationObservation] = []
        page_number, page_count = 1, 1
        while page_number <= page_count:
            read_page = functools.partial(_read_page, page_number=page_number)
            entities, page_count = self._session.call(read_page)
            found += entities
            page_number += 1
        return tuple(found)

    def find_integration(self, suffix: str, account_id: str, region: str) -> IntegrationObservation | None:
        """The integration that makes this event source; None if there is none.

        Needs `integrations:integration:view`.

        Args:
            suffix: event source suffix.
            account_id: AWS account id.
            region: AWS region of the event source.
        """
        wanted = (suffix, account_id, region)
        for integration in self.integrations():
            place = (integration.event_source_suffix, integration.aws_account_id, integration.aws_region)
            if place == wanted and integration.intended_state != "DELETED":
                return integration
        return None

    def integration(self, integration_id: str) -> IntegrationObservation | None:
        """The integration of that id, None if there is none; needs `integrations:integration:view`."""
        try:
            return self._session.call(
                lambda apis: _observe(
                    apis, apis.integrations.get_integration(integration_id, expand=_EXPANDED)
                )
            )
        except GenesysRefusedError as refusal:
            if refusal.status == 404:
                return None
            raise

    def configuration(self, integration_id: str) -> Configuration:
        """The current configuration of an integration; needs `integrations:integration:view`."""
        return self._session.call(
            lambda apis: observe_configuration(
                apis.integrations.get_integration_config_current(integration_id)
            )
        )

    def write_notes(self, integration_id: str, configuration: Configuration, notes: str) -> None:
        """Puts back a configuration with other notes; needs `integrations:integration:edit`.

        Raises:
            GenesysRefusedError: status 409 if the configuration has another version by now.
        """
        body = configuration_body(configuration, notes)
        self._session.call(
            lambda apis: apis.integrations.put_integration_config_current(integration_id, body=body)
        )

    def find_user(self, user: str) -> UserObservation:
        """The user of that id (no permission), or of that e-mail address (`directory:user:view`).

        Raises:
            GenesysError: no such user, or more than one.
        """
        if _USER_ID.fullmatch(user):
            return self._session.call(lambda apis: observe_user(apis.users.get_user(user)))
        query = {"query": [{"type": "EXACT", "fields": ["email"], "value": user}], "pageSize": 2}
        found = self._session.call(
            lambda apis: [
                observe_user(result) for result in apis.search.post_users_search(query).results or []
            ]
        )
        if len(found) != 1:
            raise GenesysError(
                f"{len(found) or 'no'} users have the e-mail address {user}",
                where="verify.user",
                hint="set verify.user to the id of one user",
            )
        return found[0]

    def presence_definitions(self) -> tuple[PresenceDefinition, ...]:
        """All presences that can be set; needs no permission for those outside divisions."""
        return self._session.call(
            lambda apis: observe_definitions(
                apis.presence.get_presence_definitions(deactivated="false", locale_code="ALL")
            )
        )

    def presence(self, user_id: str) -> UserPresence:
        """What a user shows now; needs no permission."""
        return self._session.call(
            lambda apis: observe_presence(apis.presence.get_user_presences_purecloud(user_id))
        )

    def set_presence(self, user_id: str, definition_id: str, message: str) -> None:
        """Makes a user show a presence; the API documentation names no permission for it.

        Args:
            user_id: whose presence.
            definition_id: id of a presence definition.
            message: the text beside the presence; may be empty.
        """
        body = {"presenceDefinition": {"id": definition_id}, "message": message}
        self._session.call(lambda apis: apis.presence.patch_user_presences_purecloud(user_id, body))

    def create_oauth_client(self, name: str) -> str:
        """A client that opens nothing by itself: grant type CODE, no role, no scope; its id. Needs `oauth:client:add`.

        Args:
            name: shown in the administration.
        """
        body = {
            "name": name,
            "description": "Temporary: gcbridge looks whether events arrive",
            "authorizedGrantType": "CODE",
            "registeredRedirectUri": ["https://localhost/"],
            "accessTokenValiditySeconds": _SHORTEST_TOKEN_SECONDS,
            "scope": [],
        }
        return self._session.call(lambda apis: str(apis.oauth.post_oauth_clients(body).id))

    def triggers(self) -> tuple[TriggerObservation, ...]:
        """All process automation triggers of the organization; needs `processautomation:trigger:view`."""
        return read_triggers(self._session)

    def run_trigger_test(self, trigger_id: str, body: Mapping[str, Any]) -> TriggerTest:
        """What a trigger would make of an event; starts nothing. Needs `processautomation:trigger:test`.

        Args:
            trigger_id: which trigger.
            body: `eventBody` of the event.
        """
        return run_trigger_test(self._session, trigger_id, body)

    def workflow(self, workflow_id: str) -> WorkflowObservation | None:
        """The flow of that id, None if there is none; needs `architect:flow:view`."""
        return read_workflow(self._session, workflow_id)

    def delete_oauth_client(self, client_id: str) -> None:
        """Nothing is left of the client; needs `oauth:client:delete`."""
        self._session.call(lambda apis: apis.oauth.delete_oauth_client(client_id))

    def oauth_clients(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every OAuth client of the organization; needs `oauth:client:view`."""
        return self._session.call(
            lambda apis: tuple(
                (client.id, client.name or "") for client in apis.oauth.get_oauth_clients().entities or ()
            )
        )


def _read_page(apis: Apis, page_number: int) -> tuple[list[IntegrationObservation], int]:
    """One page, and the number of pages."""
    page = apis.integrations.get_integrations(
        integration_type=INTEGRATION_TYPE, expand=_EXPANDED, page_size=_PAGE_SIZE, page_number=page_number
    )
    return [_observe(apis, entity) for entity in page.entities], page.page_count or 1


def _observe(apis: Apis, entity: Any) -> IntegrationObservation:
    """Asks for the configuration where the integration came without it."""
    current = entity.config.current if entity.config else None
    if current is None or current.properties is None:
        current = apis.integrations.get_integration_config_current(entity.id)
    return observe_integration(entity, observe_configuration(current))
