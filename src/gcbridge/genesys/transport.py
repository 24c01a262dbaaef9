"""How requests travel: bounded in time, repeated a few times, and never failing without a sentence."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import ModuleType
from typing import Any
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.util import Retry, Timeout, make_headers, parse_url

from gcbridge.genesys.credentials import GenesysCredentials
from gcbridge.genesys.failures import Refusal, explain_outage, explain_refusal

_RETRIED_STATUSES = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may take; the SDK itself would wait without end and repeat ten times.

    Args:
        connect_seconds: for a connection to stand.
        read_seconds: between two pieces of an answer.
        connect_retries: repetitions when no connection stands; at most a minute in all by default.
        read_retries: repetitions when a connection broke or no answer came.
        status_retries: repetitions after 429, 502, 503 and 504.
        pause_seconds: before the second repetition; doubles with each.
        longest_pause_seconds: of what a `Retry-After` header may ask.
    """

    connect_seconds: float = 10
    read_seconds: float = 30
    connect_retries: int = 2
    read_retries: int = 1
    status_retries: int = 3
    pause_seconds: float = 0.5
    longest_pause_seconds: int = 60

    def retry(self) -> Retry:
        """The rules in urllib3's terms; every method is repeated, as writes here name a version or a final value."""
        return Retry(
            total=None,
            connect=self.connect_retries,
            read=self.read_retries,
            status=self.status_retries,
            other=0,
            redirect=0,
            allowed_methods=None,
            status_forcelist=_RETRIED_STATUSES,
            backoff_factor=self.pause_seconds,
            backoff_max=self.longest_pause_seconds,
            retry_after_max=self.longest_pause_seconds,
            raise_on_redirect=False,
            raise_on_status=False,
        )


class Transport:
    """Stands where the SDK's own HTTP client would; every failure leaves as a GenesysError.

    Args:
        sdk: the SDK's package.
        base_url: where requests go.
        credentials: whose secrets must not show in errors.
        region: the organization's region code, for errors.
        patience: timeouts and repetitions.
    """

    def __init__(
        self, sdk: ModuleType, base_url: str, credentials: GenesysCredentials, region: str, patience: Patience
    ) -> None:
        self._sdk = sdk
        self._credentials = credentials
        self._region = region
        self._rest = sdk.rest.RESTClientObject()
        self._rest.pool_manager = _open_pool(sdk, base_url, patience)
        self.answered_at: datetime | None = None
        """The other side's clock at its last answer, to the second; None before the first."""
        # ApiClient.set_http_client asks for an AbstractHttpClient; the class only exists once the SDK is imported.
        sdk.api_client.AbstractHttpClient.register(Transport)

    def request(self, options: Any) -> Any:
        """Sends one request of the SDK.

        Raises:
            GenesysRefusedError: an answer that is no success.
            GenesysError: no answer.
        """
        try:
            answer = self._rest.request(
                options.method,
                options.url,
                query_params=options.query_params,
                headers=options.headers,
                body=options.body,
                post_params=options.post_params,
            )
        except self._sdk.rest.ApiException as error:
            self._note_time(error.headers)
            raise self._explain(error, options) from error
        except urllib3.exceptions.HTTPError as error:
            raise explain_outage(error, options.method, options.url) from error
        self._note_time(answer.getheaders())
        return answer

    def close(self) -> None:
        """Closes the connections that wait in the pool."""
        self._rest.pool_manager.clear()

    def _explain(self, error: Any, options: Any) -> Exception:
        if not error.status:
            return explain_outage(error, options.method, options.url)
        refusal = Refusal(
            method=options.method,
            url=options.url,
            status=error.status,
            body=self._credentials.redact(error.body or ""),
            headers=dict(error.headers or {}),
        )
        return explain_refusal(refusal, self._region)

    def _note_time(self, headers: Any) -> None:
        date = headers.get("Date") if headers else None
        if date:
            with suppress(ValueError):
                self.answered_at = parsedate_to_datetime(date)


def _open_pool(sdk: ModuleType, base_url: str, patience: Patience) -> urllib3.PoolManager:
    """A pool that takes the way that Terraform takes: HTTPS_PROXY and NO_PROXY count, but not for this machine."""
    address = parse_url(base_url)
    scheme, host = address.scheme or "https", address.host or ""
    settings: dict[str, Any] = {
        "timeout": Timeout(connect=patience.connect_seconds, read=patience.read_seconds),
        "retries": patience.retry(),
    }
    if scheme == "https":
        configuration = sdk.Configuration()
        configuration.create_mtls_or_ssl_context()
        settings["ssl_context"] = configuration.ssl_context
    proxy = getproxies().get(scheme)
    if not proxy or _is_this_machine(host) or proxy_bypass(host):
        return urllib3.PoolManager(**settings)
    login = parse_url(proxy).auth
    headers = make_headers(proxy_basic_auth=login) if login else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **settings)


def _is_this_machine(host: str) -> bool:
    """Go's HTTP client, and so Terraform, never asks a proxy for a loopback address."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
