"""The provider: its schema, what it offers, and the start-up calls that prove its credentials."""

from __future__ import annotations

from collections.abc import Mapping

from gcbridge.sandbox.provider.api import GenesysApi, explaining
from gcbridge.sandbox.provider.configuration import ProviderSettings, read_address, read_credentials
from gcbridge.sandbox.provider.data_sources import DATA_SOURCES
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.provider_block import GATEWAY, PROVIDER
from gcbridge.sandbox.provider.resources import RESOURCES
from gcbridge.sandbox.provider.wire import Value


class GenesysCloudProvider:
    """One provider configuration: Terraform starts a process, and so makes one of these, for each alias."""

    body = PROVIDER

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.resources = {resource.type_name: resource for resource in RESOURCES}
        self.data_sources = {source.type_name: source for source in DATA_SOURCES}
        self._environment = environment
        self._api: GenesysApi | None = None

    @property
    def api(self) -> GenesysApi:
        """The logged-in API; raises ProviderError before `configure` has succeeded."""
        if self._api is None:
            raise ProviderError(
                "The provider is not configured", "Terraform asked for a resource before ConfigureProvider."
            )
        return self._api

    def configure(self, config: Mapping[str, Value]) -> None:
        """Log in and make the real provider's start-up calls, so that bad credentials fail here."""
        address = read_address(config.get("gateway"), GATEWAY.attributes, self._environment)
        settings = ProviderSettings(PROVIDER.attributes, config, self._environment)
        api = GenesysApi(address, read_credentials(settings))
        with explaining("genesyscloud", "Failed to read the organization"):
            api.call("GET", "/api/v2/organizations/me")
            api.call("GET", "/api/v2/authorization/products")
        self._api = api
