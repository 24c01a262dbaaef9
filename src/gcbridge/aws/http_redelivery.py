"""Makes the HTTP request of an API destination, which EventBridge makes on no one's behalf but its own."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from gcbridge.aws.delivery_attempt import Deliver, Delivery, NotAcceptedError
from gcbridge.aws.door import aws_call
from gcbridge.aws.secrets import read_secret
from gcbridge.aws.session import Aws
from gcbridge.model.target import AnyTarget, ApiDestinationTarget, ExistingTarget
from gcbridge.model.target_options_spec import (
    ApiKeyAuthorizationSpec,
    AuthorizationSpec,
    BasicAuthorizationSpec,
    OauthAuthorizationSpec,
)
from gcbridge.model.target_spec import ApiDestinationTargetSpec
from gcbridge.study.input_transformer import text_of

TIMEOUT = urllib3.Timeout(connect=5, read=30)
CONTENT_TYPE = "application/json; charset=utf-8"
TOKEN_EXPIRES_SOON_SECONDS = 60
TOKEN_SECONDS = 300
"""How long a token is used whose lifetime the token endpoint does not say."""
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an API destination leads: url with `*` for path values, method, and what is written of it."""

    url: str
    method: str
    spec: ApiDestinationTargetSpec


def open_http_delivery(aws: Aws, target: AnyTarget, environ: Mapping[str, str]) -> Deliver:
    """What makes the requests of one API destination; the answers 200 to 299 mean accepted, as for EventBridge.

    Args:
        aws: where an existing API destination and a Secrets Manager secret are looked up.
        target: the API destination.
        environ: where the secret may be.

    Raises:
        NotAcceptedError: the environment does not say where the secret is.
        GcbridgeError: the secret could not be read.

    IAM actions: events:DescribeApiDestination for an existing one; those of read_secret.
    """
    endpoint = _endpoint(aws, target)
    authorization = endpoint.spec.authorization
    if authorization is None:
        raise NotAcceptedError(
            f"the environment does not say where the secret of target {target.name} is",
            hint=f"write targets.{target.name}.authorization; EventBridge keeps its own copy to itself",
        )
    secret = read_secret(aws, authorization.secret, environ)
    return _Sender(endpoint, authorization, secret, _open_pool(endpoint.url)).send


def _endpoint(aws: Aws, target: AnyTarget) -> Endpoint:
    if isinstance(target, ApiDestinationTarget):
        return Endpoint(target.spec.url or "", target.spec.method, target.spec)
    spec = target.http if isinstance(target, ExistingTarget) else None
    if spec is None:
        raise NotAcceptedError(
            f"the environment does not say how target {target.name} is called",
            hint="write it as type: api_destination, with its arn and its authorization",
        )
    name = (target.arn or "").rpartition(":api-destination/")[2].partition("/")[0]
    with aws_call(aws.events, "reading an API destination", where=target.arn or ""):
        found = aws.events.describe_api_destination(Name=name)
    return Endpoint(found["InvocationEndpoint"], found["HttpMethod"], spec)


@dataclass(slots=True)
class _Sender:
    endpoint: Endpoint
    authorization: AuthorizationSpec
    secret: str = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)
    clock: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _token_ends: float = 0.0

    def send(self, delivery: Delivery) -> None:
        status, said = self._request(delivery)
        if status in {401, 407} and isinstance(self.authorization, OauthAuthorizationSpec):
            # EventBridge, too, asks for a new token then (user guide, authorization methods for connections).
            self._token = ""
            status, said = self._request(delivery)
        if not 200 <= status < 300:
            raise self._refused(f"the endpoint answered {status}", self.endpoint.url, said)

    def _request(self, delivery: Delivery) -> tuple[int, str]:
        event, spec = delivery.event or {}, self.endpoint.spec
        headers = {name: text_of(event, value) for name, value in spec.headers.items()}
        query = {name: text_of(event, value) for name, value in spec.query.items()}
        return self._ask(
            self.endpoint.method,
            with_query(with_path_values(self.endpoint.url, spec.path_values, event), query),
            {"Content-Type": CONTENT_TYPE, **headers, **self._authorization()},
            self._body(delivery.payload).encode(),
        )

    def _body(self, payload: str) -> str:
        key = getattr(self.authorization, "body_key", None)
        return payload if key is None else with_body_parameter(payload, key, self.secret)

    def _authorization(self) -> dict[str, str]:
        match self.authorization:
            case ApiKeyAuthorizationSpec():
                return {self.authorization.header: self.secret}
            case BasicAuthorizationSpec():
                return {"Authorization": f"Basic {self._login()}"}
            case OauthAuthorizationSpec():
                return {"Authorization": f"Bearer {self._valid_token(self.authorization)}"}

    def _login(self) -> str:
        name = getattr(self.authorization, "username", "")
        return b64encode(f"{name}:{self.secret}".encode()).decode()

    def _valid_token(self, oauth: OauthAuthorizationSpec) -> str:
        if self._token and self.clock() < self._token_ends - TOKEN_EXPIRES_SOON_SECONDS:
            return self._token
        form = {"client_id": oauth.client_id, "client_secret": self.secret, **oauth.body}
        if oauth.http_method == "GET":
            status, said = self._ask("GET", with_query(oauth.token_url, form), {}, None)
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            status, said = self._ask(oauth.http_method, oauth.token_url, headers, urlencode(form).encode())
        if not 200 <= status < 300:
            raise self._refused(f"the token endpoint answered {status}", oauth.token_url, said)
        self._token, seconds = _read_token(said)
        if not self._token:
            # What it said instead may hold a token under another name.
            raise NotAcceptedError("the token endpoint gave no access_token", where=oauth.token_url)
        self._token_ends = self.clock() + seconds
        return self._token

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, str]:
        try:
            # Like EventBridge, no redirect is followed: it would carry the secret elsewhere.
            answer = self.pool.request(
                method, url, headers=headers, body=body, timeout=TIMEOUT, retries=False, redirect=False
            )
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            # Not the error's own text, which may hold the secret: a URL, a header.
            raise NotAcceptedError(
                "the endpoint could not be reached", where=_place(url), detail=type(error).__name__
            ) from None
        return answer.status, answer.data.decode(errors="replace")

    def _refused(self, summary: str, url: str, said: str) -> NotAcceptedError:
        in_json = json.dumps(self.secret)[1:-1]
        for hidden in (self.secret, in_json, quote(self.secret, safe=""), self._login(), self._token):
            said = said.replace(hidden, "(secret)") if hidden else said
        return NotAcceptedError(summary, where=_place(url), detail=" ".join(said.split())[:SHOWN])


def with_path_values(url: str, values: tuple[str, ...], event: Mapping[str, Any]) -> str:
    """Each `*` stands for the next path value, which may be a path into the event."""
    for value in values:
        url = url.replace("*", quote(text_of(event, value), safe=""), 1)
    return url


def with_query(url: str, query: Mapping[str, str]) -> str:
    """The URL with query parameters added to those that it has."""
    if not query:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def with_body_parameter(payload: str, key: str, value: str) -> str:
    """The JSON object with one more entry, which wins over one of its name, as a connection's parameters do.

    Raises:
        NotAcceptedError: it is no JSON object; EventBridge says of no other body what becomes of the parameter.
    """
    try:
        body = json.loads(payload)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise NotAcceptedError(
            f"what the target receives is no JSON object, so {key} cannot stand in it",
            hint="correct `input` of the target, or leave out authorization.body_key",
        )
    return json.dumps({**body, key: value}, ensure_ascii=False)


def _place(url: str) -> str:
    """Only scheme, host and path: the query may hold a secret."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _read_token(text: str) -> tuple[str, float]:
    try:
        answer = json.loads(text)
        return str(answer.get("access_token") or ""), float(answer.get("expires_in") or TOKEN_SECONDS)
    except (ValueError, TypeError, AttributeError):
        return "", 0.0


def _open_pool(url: str) -> urllib3.PoolManager:
    """The way out of this machine: HTTPS_PROXY and NO_PROXY count."""
    address = urlsplit(url)
    proxy = getproxies().get(address.scheme)
    if (
        not proxy
        or (address.hostname or "") in {"127.0.0.1", "localhost", "::1"}
        or proxy_bypass(address.netloc)
    ):
        return urllib3.PoolManager()
    return urllib3.ProxyManager(proxy)
