"""HTTP calls to the emulated Genesys Cloud: one token, bounded retries, errors in its own shape."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import urllib3

from gcbridge.sandbox.provider import VERSION
from gcbridge.sandbox.provider.configuration import ApiAddress, Credentials
from gcbridge.sandbox.provider.diagnostics import AttributePath, ProviderError

GONE = frozenset({404, 408, 410})
"""Statuses the real provider takes as "does not exist" (genesyscloud/util/util_retries.go: IsStatus404)."""

_LONGEST_PAUSE = 4.0
_RETRIED = frozenset({429, *range(500, 600)} - {501})


class BoundedRetry(urllib3.Retry):
    """Retries that give up after about 11 seconds of waiting, whatever Retry-After asks for."""

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        """Seconds the server asked for, at most four."""
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, _LONGEST_PAUSE)


# allowed_methods=None: a failed POST is repeated too, as by platform-client-sdk-go (newRetryPolicy).
RETRIES = BoundedRetry(
    total=5,
    redirect=False,
    backoff_factor=0.5,
    backoff_max=_LONGEST_PAUSE,
    status_forcelist=_RETRIED,
    allowed_methods=None,
    raise_on_status=False,
)


class ApiError(Exception):
    """A response that is not a success."""

    def __init__(self, method: str, path: str, response: urllib3.BaseHTTPResponse) -> None:
        self.method = method
        self.path = path
        self.status = response.status
        self.message = str(_json_object(response).get("message", ""))
        self.correlation_id = response.headers.get("Inin-Correlation-Id", "")
        self.retry_after = response.headers.get("Retry-After", "")
        super().__init__(f"API Error: {self.status} - {self.message} ({self.correlation_id})")

    def is_version_mismatch(self) -> bool:
        """Whether someone else changed the object in between (util_retries.go: IsVersionMismatch)."""
        outdated = self.status == 400 and "does not match the current version" in self.message
        return outdated or self.status in (408, 409)


class GenesysApi:
    """The calls the provider makes, on behalf of one OAuth client."""

    def __init__(
        self, address: ApiAddress, credentials: Credentials, retries: urllib3.Retry = RETRIES
    ) -> None:
        timeout = urllib3.Timeout(connect=5, read=30)
        self._address = address
        self._http = urllib3.PoolManager(maxsize=16, retries=retries, timeout=timeout)
        self._token = credentials.access_token or self._log_in(credentials)

    def call(self, method: str, path: str, body: object = None, **query: str | int) -> Any:
        """The JSON of a successful response, None for an empty one.

        Raises ApiError for any other response, ProviderError when nothing answers.
        """
        url = self._address.api + path
        if query:
            url += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        headers = {"Authorization": f"Bearer {self._token}", "TF-Correlation-Id": str(uuid.uuid4())}
        if body is not None:
            headers["Content-Type"] = "application/json"
        payload = None if body is None else json.dumps(body).encode()
        response = self._send(method, url, headers, payload)
        if response.status >= 300:
            raise ApiError(method, path, response)
        return json.loads(response.data) if response.data else None

    def upload(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Puts the content at a presigned URL, without a token; the status of the answer."""
        return self._send("PUT", url, headers, content).status

    def _log_in(self, credentials: Credentials) -> str:
        basic = urllib3.make_headers(basic_auth=f"{credentials.client_id}:{credentials.client_secret}")
        headers = {**basic, "Content-Type": "application/x-www-form-urlencoded"}
        url = self._address.login + "/oauth/token"
        response = self._send("POST", url, headers, b"grant_type=client_credentials")
        answer = _json_object(response)
        if response.status != 200:
            reason = f"{answer.get('error', '')} ({answer.get('error_description', '')})"
            raise ProviderError(f"Auth Error: {response.status} - {reason}", path=("oauthclient_id",))
        if not answer.get("access_token"):
            raise ProviderError("Auth Error: No access token found", path=("oauthclient_id",))
        return str(answer["access_token"])

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> urllib3.BaseHTTPResponse:
        everywhere = {"User-Agent": f"GC Terraform Provider/{VERSION}", "Accept": "application/json"}
        try:
            return self._http.request(method, url, headers={**everywhere, **headers}, body=body)
        except urllib3.exceptions.HTTPError as error:
            raise ProviderError(
                f"No answer from {url}",
                f"{error}\n\nIs the sandbox running? Check the gateway block's host and port.",
            ) from error


@contextlib.contextmanager
def explaining(resource_type: str, summary: str, *path: str | int) -> Iterator[None]:
    """An ApiError inside becomes the real provider's diagnostic (BuildAPIDiagnosticError)."""
    try:
        yield
    except ApiError as error:
        raise _as_provider_error(error, resource_type, summary, path) from error


def none_if_gone(read: Callable[[], Any]) -> Any:
    """What `read` returns, or None when the API says that the object does not exist."""
    try:
        return read()
    except ApiError as error:
        if error.status in GONE:
            return None
        raise


def _as_provider_error(
    error: ApiError, resource_type: str, summary: str, path: AttributePath
) -> ProviderError:
    detail = {
        "resourceType": resource_type,
        "method": error.method,
        "path": error.path,
        "statusCode": error.status,
        "errorMessage": str(error),
        "correlationId": error.correlation_id,
    }
    filled = {name: value for name, value in detail.items() if value}
    return ProviderError(f"{summary} error: {error}", json.dumps(filled), path)


def _json_object(response: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        answer = json.loads(response.data)
    except ValueError:
        return {"message": response.data.decode(errors="replace")[:500]}
    return answer if isinstance(answer, dict) else {}
