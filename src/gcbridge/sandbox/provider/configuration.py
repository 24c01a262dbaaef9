"""Where the provider talks to and as whom: the provider block first, its environment variables second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.schema import Attribute
from gcbridge.sandbox.provider.wire import Value

GENESYS_DOMAINS = (
    "pure.cloud",
    "mypurecloud.com",
    "mypurecloud.com.au",
    "mypurecloud.de",
    "mypurecloud.ie",
    "mypurecloud.jp",
    "inindca.com",
    "inintca.com",
    "eusc-pure.cloud",
    "us-gov-pure.cloud",
)
"""Domains of real Genesys Cloud regions (genesyscloud/provider/provider.go: getRegionMap)."""

_GATEWAY_HINT = (
    "This is gcbridge's local stand-in for mypurecloud/genesyscloud: it talks to an emulated Genesys Cloud, "
    "never to a real region. The provider block needs a block such as\n\n"
    '    gateway {\n      host     = "127.0.0.1"\n      port     = "8080"\n      protocol = "http"\n    }\n\n'
    "where GENESYSCLOUD_GATEWAY_HOST, _PORT and _PROTOCOL are read for what is left out. "
    "For a real organization, run terraform init without the sandbox's provider mirror."
)


@dataclass(frozen=True)
class ApiAddress:
    """The URLs in front of /api/v2/... and of /oauth/token, without a trailing slash."""

    api: str
    login: str


@dataclass(frozen=True)
class Credentials:
    """An access token, or an OAuth client that can get one."""

    access_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


class ProviderSettings:
    """A provider block whose missing attributes fall back to the environment."""

    def __init__(
        self, attributes: Mapping[str, Attribute], values: Mapping[str, Value], environment: Mapping[str, str]
    ) -> None:
        self._attributes = attributes
        self._values = values
        self._environment = environment

    def text(self, name: str) -> str:
        """The attribute's text, or its environment variable's, or nothing; unknown counts as not set."""
        value = self._values.get(name)
        if isinstance(value, str) and value:
            return value
        return self._environment.get(self._attributes[name].environment, "")


def read_credentials(settings: ProviderSettings) -> Credentials:
    """An access token wins over an OAuth client, as in the real provider."""
    if token := settings.text("access_token"):
        return Credentials(access_token=token)
    client_id, client_secret = settings.text("oauthclient_id"), settings.text("oauthclient_secret")
    if client_id and client_secret:
        return Credentials(client_id=client_id, client_secret=client_secret)
    missing = "oauthclient_secret" if client_id else "oauthclient_id"
    raise ProviderError(
        "No credentials for Genesys Cloud",
        "Set oauthclient_id and oauthclient_secret, by GENESYSCLOUD_OAUTHCLIENT_ID and "
        "GENESYSCLOUD_OAUTHCLIENT_SECRET for example, or access_token (GENESYSCLOUD_ACCESS_TOKEN).",
        (missing,),
    )


def read_address(
    gateways: Value, attributes: Mapping[str, Attribute], environment: Mapping[str, str]
) -> ApiAddress:
    """The URLs the `gateway` block names: <protocol>://<host>:<port><path_value>, 80 and 443 left out."""
    gateway = _only_gateway(gateways)
    settings = ProviderSettings(attributes, gateway, environment)
    host, protocol = settings.text("host"), settings.text("protocol")
    if not host:
        raise ProviderError("The gateway has no host", _GATEWAY_HINT, ("gateway",))
    if protocol not in ("http", "https"):
        raise ProviderError(
            f'The gateway\'s protocol is "{protocol}", not http or https', _GATEWAY_HINT, ("gateway",)
        )
    _refuse_real_region(host)
    port = settings.text("port")
    origin = f"{protocol}://{host}" + ("" if port in ("", "80", "443") else f":{port}")
    prefixes = {path["path_name"]: path["path_value"] for path in gateway.get("path_params") or []}
    return ApiAddress(api=_join(origin, prefixes.get("api")), login=_join(origin, prefixes.get("login")))


def _only_gateway(gateways: Value) -> dict[str, Value]:
    known = (
        [gateway for gateway in gateways if isinstance(gateway, dict)] if isinstance(gateways, list) else []
    )
    if not known:
        raise ProviderError("The provider has no gateway block", _GATEWAY_HINT, ("gateway",))
    if len(known) > 1:
        raise ProviderError("The provider has more than one gateway block", _GATEWAY_HINT, ("gateway",))
    return known[0]


def _refuse_real_region(host: str) -> None:
    labels = f".{host.lower().rstrip('.')}"
    if any(labels.endswith(f".{domain}") for domain in GENESYS_DOMAINS):
        raise ProviderError(f"{host} is a real Genesys Cloud region", _GATEWAY_HINT, ("gateway",))


def _join(origin: str, prefix: Value) -> str:
    path = prefix.strip("/") if isinstance(prefix, str) else ""
    return f"{origin}/{path}" if path else origin
