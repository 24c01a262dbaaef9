"""A login that renews itself, and the SDK's API objects behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from gcbridge.errors import GenesysError
from gcbridge.genesys.credentials import GenesysCredentials
from gcbridge.genesys.failures import GenesysRefusedError, explain_strange_answer
from gcbridge.genesys.sdk import load_sdk
from gcbridge.genesys.transport import Patience, Transport
from gcbridge.model.bridge import Organization
from gcbridge.model.naming import GENESYS_DOMAINS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Apis:
    """The SDK's API objects that this room calls; they never leave it."""

    integrations: Any
    notifications: Any
    organization: Any
    presence: Any
    users: Any
    search: Any
    oauth: Any
    routing: Any
    analytics: Any
    audit: Any
    architect: Any
    outbound: Any
    groups: Any
    telephony: Any
    workforce: Any
    teams: Any
    web_deployments: Any
    operational_events: Any
    process_automation: Any


def api_base_url(organization: Organization) -> str:
    """The environment's `base_url`, else the address of the organization's region.

    Raises:
        GenesysError: the region is none of Genesys Cloud's.
    """
    if organization.base_url:
        return organization.base_url.rstrip("/")
    domain = GENESYS_DOMAINS.get(organization.region)
    if domain is None:
        raise GenesysError(
            f"{organization.region!r} is no Genesys Cloud region",
            where="genesys.region",
            hint=f"one of {', '.join(sorted(GENESYS_DOMAINS))}",
        )
    return f"https://api.{domain}"


class Session:
    """Imports the SDK and logs in at the first call; several threads may share it.

    Args:
        organization: whose region or base URL is called.
        credentials: what logs in.
        patience: timeouts and repetitions.
    """

    def __init__(
        self, organization: Organization, credentials: GenesysCredentials, patience: Patience
    ) -> None:
        self.base_url = api_base_url(organization)
        self._credentials = credentials
        self._region = organization.region
        self._patience = patience
        self._lock = threading.Lock()
        self._client: Any = None
        self._transport: Transport | None = None
        self._apis: Apis | None = None

    @property
    def answered_at(self) -> datetime | None:
        """Genesys Cloud's clock at its last answer, to the second; None before the first."""
        return self._transport.answered_at if self._transport else None

    def call(self, request: Callable[[Apis], T]) -> T:
        """Makes one call of the SDK; a token that has run out is replaced once.

        Args:
            request: calls one method of one API object and returns its answer.

        Raises:
            GenesysRefusedError: Genesys Cloud said no.
            GenesysError: no answer, or one that is not the Genesys API's.
        """
        apis = self._open()
        token = self._client.access_token
        try:
            return self._guard(lambda: request(apis))
        except GenesysRefusedError as refusal:
            if refusal.status != 401 or not self._credentials.can_log_in:
                raise
        self._log_in(stale_token=token)
        return self._guard(lambda: request(apis))

    def close(self) -> None:
        """Closes the connections; the next call opens new ones."""
        if self._transport:
            self._transport.close()

    def _open(self) -> Apis:
        with self._lock:
            if self._apis is None:
                self._apis = self._connect()
        self._log_in(stale_token="")
        return self._apis

    def _connect(self) -> Apis:
        sdk = load_sdk()
        self._transport = Transport(sdk, self.base_url, self._credentials, self._region, self._patience)
        client = self._client = sdk.ApiClient(host=self.base_url)
        client.set_http_client(self._transport)
        client.access_token = self._credentials.access_token
        return Apis(
            integrations=sdk.IntegrationsApi(client),
            notifications=sdk.NotificationsApi(client),
            organization=sdk.OrganizationApi(client),
            presence=sdk.PresenceApi(client),
            users=sdk.UsersApi(client),
            search=sdk.SearchApi(client),
            oauth=sdk.OAuthApi(client),
            routing=sdk.RoutingApi(client),
            analytics=sdk.AnalyticsApi(client),
            audit=sdk.AuditApi(client),
            architect=sdk.ArchitectApi(client),
            outbound=sdk.OutboundApi(client),
            groups=sdk.GroupsApi(client),
            telephony=sdk.TelephonyProvidersEdgeApi(client),
            workforce=sdk.WorkforceManagementApi(client),
            teams=sdk.TeamsApi(client),
            web_deployments=sdk.WebDeploymentsApi(client),
            operational_events=sdk.OperationalEventsApi(client),
            process_automation=sdk.ProcessAutomationApi(client),
        )

    def _log_in(self, stale_token: str) -> None:
        """Replaces the token if it is still the stale one, so that threads that fail together log in once."""
        with self._lock:
            if self._client.access_token != stale_token:
                return
            id_and_secret = self._credentials.client_id, self._credentials.client_secret
            self._guard(lambda: self._client.get_client_credentials_token(*id_and_secret))

    def _guard(self, call: Callable[[], T]) -> T:
        """The SDK reads any JSON as any model and stumbles later, so its stumbling means a strange answer."""
        try:
            return call()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise explain_strange_answer(error, self.base_url) from error
