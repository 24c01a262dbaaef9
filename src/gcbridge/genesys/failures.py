"""Genesys Cloud's refusals and outages, as errors that say what to type next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gcbridge.errors import GenesysError
from gcbridge.genesys.credentials import ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET

CORRELATION_HEADER = "Inin-Correlation-Id"
_BODY_EXCERPT = 300
_PERMISSION = re.compile(r"[A-Za-z]\w*(?::[\w*]+){2}")
_NEEDED = (
    ("POST", "/api/v2/processautomation/triggers", "processautomation:trigger:test"),
    ("GET", "/api/v2/processautomation/triggers", "processautomation:trigger:view"),
    ("GET", "/api/v2/integrations", "integrations:integration:view"),
    ("PUT", "/api/v2/integrations", "integrations:integration:edit"),
    ("POST", "/api/v2/users/search", "directory:user:view"),
    ("GET", "/api/v2/routing/queues", "routing:queue:view"),
    ("GET", "/api/v2/routing/wrapupcodes", "routing:wrapupCode:view"),
    ("GET", "/api/v2/flows/outcomes", "architect:flowOutcome:view"),
    ("GET", "/api/v2/flows", "architect:flow:view"),
    ("GET", "/api/v2/architect/prompts", "architect:userPrompt:view"),
    ("GET", "/api/v2/outbound/campaigns", "outbound:campaign:view"),
    ("GET", "/api/v2/outbound/contactlists", "outbound:contactList:view"),
    ("GET", "/api/v2/outbound/dnclists", "outbound:dncList:view"),
    ("POST", "/api/v2/analytics/conversations/details/query", "analytics:conversationDetail:view"),
    ("POST", "/api/v2/audits/query", "audits:audit:view"),
    ("GET", "/api/v2/audits/query", "audits:audit:view"),
)
"""Method, start of the path -> permission (notes of the SDK's API documentation); of several the first that fits."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer that is no success.

    Args:
        method: HTTP method of the request.
        url: its address without the query.
        status: HTTP status code.
        body: the answer's text.
        headers: the answer's headers, looked up in any case.
    """

    method: str
    url: str
    status: int
    body: str
    headers: Mapping[str, str]

    @property
    def is_login(self) -> bool:
        """True for the request of a token."""
        return self.url.endswith("/oauth/token")

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON object that Genesys explains itself with; empty if the body is anything else."""
        try:
            body = json.loads(self.body)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def message(self) -> str:
        """What Genesys said: `message` of the API, `error` and `description` of the login."""
        fields = self.fields
        code = str(fields.get("code") or fields.get("error") or "")
        text = str(
            fields.get("message") or fields.get("error_description") or fields.get("description") or ""
        )
        if not code and not text:
            return " ".join(self.body.split())[:_BODY_EXCERPT]
        return f"{code}: {text}" if code and text else code or text

    @property
    def header_values(self) -> Mapping[str, str]:
        """The headers by lower-case name."""
        return {name.lower(): value for name, value in self.headers.items()}


class GenesysRefusedError(GenesysError):
    """Genesys Cloud answered, and the answer was no; `status` is the HTTP status code."""

    def __init__(self, summary: str, *, status: int, where: str, detail: str, hint: str) -> None:
        super().__init__(summary, where=where, detail=detail, hint=hint)
        self.status = status


def explain_refusal(refusal: Refusal, region: str) -> GenesysRefusedError:
    """The error for an answer that is no success.

    Args:
        refusal: the answer.
        region: the organization's region code, named where the region may be the mistake.
    """
    summary, hint = _explain_login(refusal, region) if refusal.is_login else _explain_call(refusal)
    lines = [f"HTTP {refusal.status} {refusal.message}".rstrip()]
    if correlation := refusal.header_values.get(CORRELATION_HEADER.lower()):
        lines.append(f"correlation id {correlation}")
    return GenesysRefusedError(
        summary,
        status=refusal.status,
        where=f"{refusal.method} {refusal.url}",
        detail="\n".join(lines),
        hint=hint,
    )


def _explain_login(refusal: Refusal, region: str) -> tuple[str, str]:
    if refusal.status == 429 or "rate limit exceeded" in refusal.message:
        return "Genesys Cloud limits the rate of logins", "wait a minute and run the same command again"
    if refusal.status not in (400, 401, 403):
        return _explain_call(refusal)
    hint = (
        f"check {CLIENT_ID}, {CLIENT_SECRET} and genesys.region (now {region}): an OAuth client, "
        "of grant type Client Credentials, exists only in its own organization's region"
    )
    return "Genesys Cloud does not accept the OAuth client", hint


def _explain_call(refusal: Refusal) -> tuple[str, str]:
    status = refusal.status
    if status == 403:
        return _explain_permission(refusal)
    if status >= 500:
        return (
            "Genesys Cloud failed by itself",
            "run the same command again; if it stays, ask Genesys support",
        )
    if 300 <= status < 400:
        return "the address redirects, which the Genesys API does not do", "check genesys.base_url"
    return _EXPLAINED.get(status, ("Genesys Cloud refused the request", "see what it said above"))


_EXPLAINED = {
    401: (
        "Genesys Cloud does not accept the access token",
        f"export a fresh {ACCESS_TOKEN}, or unset it and export {CLIENT_ID} and {CLIENT_SECRET}",
    ),
    404: ("Genesys Cloud does not have this", "check the id, and that the organization is the right one"),
    409: (
        "somebody else changed this in Genesys Cloud at the same moment",
        "run the same command again",
    ),
    429: ("Genesys Cloud limits the rate of requests", "wait a minute and run the same command again"),
}


def _explain_permission(refusal: Refusal) -> tuple[str, str]:
    permissions = (
        _PERMISSION.findall(refusal.message)
        or [
            permission
            for method, path, permission in _NEEDED
            if method == refusal.method and path in refusal.url
        ][:1]
    )
    if not permissions:
        return "Genesys Cloud forbids this", "see what it said above; check the roles of the OAuth client"
    names = " or ".join(dict.fromkeys(permissions))
    return (
        f"the OAuth client lacks the permission {names}",
        f"add {names} to a role of the OAuth client in the Genesys Cloud administration",
    )


def explain_outage(error: Exception, method: str, url: str) -> GenesysError:
    """The error for a request that got no answer.

    Args:
        error: what urllib3 raised, or the SDK in its place.
        method: HTTP method of the request.
        url: its address without the query.
    """
    reason = getattr(error, "reason", None) or error
    return GenesysError(
        "Genesys Cloud cannot be reached",
        where=f"{method} {url}",
        detail=str(reason) or type(reason).__name__,
        hint="check the network, HTTPS_PROXY, genesys.region and genesys.base_url: is something listening there?",
    )


def explain_strange_answer(error: Exception, base_url: str) -> GenesysError:
    """The error for an answer that is a success but not of the Genesys API."""
    return GenesysError(
        "the answer is not one of the Genesys Cloud API",
        where=base_url,
        detail=f"{type(error).__name__}: {error}",
        hint="check genesys.base_url and HTTPS_PROXY: something else may be listening there",
    )
