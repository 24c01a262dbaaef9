"""Opens one PagerDuty incident for each OAuth client that is deleted in Genesys Cloud.

Environment: PAGERDUTY_SERVICE_ID, the service that the incident is opened on; PAGERDUTY_FROM, the e-mail address of a user
of the PagerDuty account; PAGERDUTY_API_KEY_ARN, the Secrets Manager secret that holds the REST API key as its text;
PAGERDUTY_URL, empty or absent: https://api.pagerduty.com.

An error means that Lambda calls again, twice, and then hands the event to the dead-letter queue. Calling again is safe: the
incident has a key, and PagerDuty refuses a second one while the first is open.

Sources: https://developer.pagerduty.com/docs/incident-creation-api and https://developer.pagerduty.com/docs/errors
"""

from __future__ import annotations

import json
import logging
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

PAGERDUTY_URL = "https://api.pagerduty.com"
TIMEOUT_SECONDS = 10
LONGEST_NAME = 200
ARGUMENTS_CAUSED_ERROR = 2002
OPEN_ALREADY = "matching dedup key already exists"

Event = Mapping[str, Any]
ReadKey = Callable[[str], str]
"""What the secret of an ARN holds now."""


class NotOpenedError(RuntimeError):
    """PagerDuty has no incident for the event; the message says why and holds no secret."""


@dataclass(frozen=True)
class Answer:
    """What PagerDuty said."""

    status: int
    body: Mapping[str, Any]

    @property
    def error(self) -> str:
        """PagerDuty's own words; empty where there are none."""
        error = self.body.get("error")
        if not isinstance(error, Mapping):
            return ""
        return "; ".join(str(text) for text in (error.get("message"), *(error.get("errors") or ())) if text)

    @property
    def is_open_already(self) -> bool:
        """The incident was opened by an earlier call, and nobody has resolved it.

        The code alone does not say so: 2002 also stands for a service that does not exist.
        """
        error = self.body.get("error")
        code = error.get("code") if isinstance(error, Mapping) else None
        return self.status == 400 and code == ARGUMENTS_CAUSED_ERROR and OPEN_ALREADY in self.error


Post = Callable[[str, Mapping[str, str], bytes], Answer]
"""Sends a body to a URL with these headers."""


@dataclass(frozen=True)
class Settings:
    """What the function's environment says."""

    service_id: str
    sender: str
    key_arn: str
    url: str = PAGERDUTY_URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables.

        Raises:
            KeyError: a variable is missing.
        """
        return cls(
            service_id=environment["PAGERDUTY_SERVICE_ID"],
            sender=environment["PAGERDUTY_FROM"],
            key_arn=environment["PAGERDUTY_API_KEY_ARN"],
            url=environment.get("PAGERDUTY_URL") or PAGERDUTY_URL,
        )


class Keys:
    """The API key, read once for each instance of the function, and again when PagerDuty does not know it any more."""

    def __init__(self, read: ReadKey) -> None:
        self._read = read
        self._known: dict[str, str] = {}

    def get(self, arn: str) -> str:
        """The key as it was read last."""
        if arn not in self._known:
            key = self._read(arn).strip()
            # A header with a line break is refused by Python with the whole header in the error, and so in the log.
            if not key or not key.isascii() or not key.isprintable():
                raise NotOpenedError(f"the secret {arn} holds no API key: one line of text is expected")
            self._known[arn] = key
        return self._known[arn]

    def forget(self, arn: str) -> None:
        """The next call reads anew."""
        self._known.pop(arn, None)


def handle(event: Event, context: object) -> dict[str, str]:  # noqa: ARG001
    """Lambda's way in; IAM action: secretsmanager:GetSecretValue on the secret."""
    return {"incident": open_incident(event, Settings.from_environment(os.environ), _keys(), post)}


def open_incident(event: Event, settings: Settings, keys: Keys, send: Post) -> str:
    """There is an incident for the event afterwards, and only one.

    Args:
        event: the audit event of a deleted OAuth client, whole.
        settings: service, sender, secret and address.
        keys: the API key.
        send: how a request is made.

    Returns:
        `opened`, or `open already` where an earlier call has opened it.

    Raises:
        NotOpenedError: PagerDuty refused, is busy (429) or failed (5xx), or the secret holds no key.
        OSError: PagerDuty was not reached in time.
    """
    body = json.dumps({"incident": make_incident(event, settings)}).encode()
    answer = send_with_key(body, settings, keys, send)
    if answer.status == 401:
        # The key was rotated since it was read.
        keys.forget(settings.key_arn)
        answer = send_with_key(body, settings, keys, send)
    if answer.status == 201:
        LOG.info("event %s: incident %s is opened", event.get("id"), _id_of(answer))
        return "opened"
    if answer.is_open_already:
        LOG.info("event %s: its incident is open already", event.get("id"))
        return "open already"
    raise NotOpenedError(
        f"event {event.get('id')}: PagerDuty answered {answer.status} {answer.error}".rstrip()
    )


def send_with_key(body: bytes, settings: Settings, keys: Keys, send: Post) -> Answer:
    """One request with the key that is known."""
    headers = {
        "Authorization": f"Token token={keys.get(settings.key_arn)}",
        "From": settings.sender,
        "Accept": "application/vnd.pagerduty+json;version=2",
        "Content-Type": "application/json",
    }
    return send(f"{settings.url.rstrip('/')}/incidents", headers, body)


def make_incident(event: Event, settings: Settings) -> dict[str, Any]:
    """The incident as PagerDuty's API wants it; everything in it comes from the event."""
    audit = event["detail"]["eventBody"]
    client = audit.get("entity") or {}
    # One line, of a length that no title refuses.
    name = " ".join(str(client.get("name") or "").split())[:LONGEST_NAME] or "without a name"
    return {
        "type": "incident",
        "title": f"OAuth client deleted in Genesys Cloud: {name}",
        "service": {"id": settings.service_id, "type": "service_reference"},
        # The audit record's own id stays the same when Genesys Cloud sends the event twice; the id of the envelope is
        # made by EventBridge and does not.
        "incident_key": f"{client.get('id')}-{audit.get('id') or event.get('id')}",
        "body": {"type": "incident_body", "details": describe(event, name)},
    }


def describe(event: Event, name: str) -> str:
    """What somebody who is woken by it needs to know, a line for each fact."""
    audit = event["detail"]["eventBody"]
    facts = {
        "OAuth client": f"{name} ({_id(audit.get('entity'))})",
        "deleted at": audit.get("eventTime"),
        "by user": audit.get("userId"),
        "by client": _id(audit.get("clientId")),
        "organization of the user": audit.get("userHomeOrgId"),
        "audit record": audit.get("id"),
        "event source": event.get("source"),
        "correlation id": (event["detail"].get("metadata") or {}).get("CorrelationId"),
    }
    return "\n".join(f"{fact}: {value or 'not told'}" for fact, value in facts.items())


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """One POST request; an answer of any status is an answer.

    Raises:
        ValueError: the URL is not http(s).
        OSError: nothing answered in time.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError("PAGERDUTY_URL is no http(s) address")
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310
    try:
        with _opener().open(request, timeout=TIMEOUT_SECONDS) as response:
            return Answer(response.status, _read_json(response.read()))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _read_json(error.read()))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: the key is not carried to another address."""

    def redirect_request(self, *_: Any) -> None:
        """Nothing is asked instead."""


@cache
def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect)


def _read_json(text: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _id(reference: Any) -> str | None:
    """Ids stand in objects of their own, which may be empty."""
    return reference.get("id") if isinstance(reference, Mapping) else None


def _id_of(answer: Answer) -> str | None:
    return _id(answer.body.get("incident"))


def _read_secret(arn: str) -> str:
    """The secret's text; one that holds bytes is no API key."""
    return str(_client().get_secret_value(SecretId=arn).get("SecretString") or "")


@cache
def _client() -> Any:
    """One client for all events that this instance of the function sees; boto3 by itself waits longer than the function runs."""
    config = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client("secretsmanager", config=config)


@cache
def _keys() -> Keys:
    return Keys(_read_secret)
