"""API destinations: a real HTTP request, with what the connection authorizes it by."""

from __future__ import annotations

import copy
import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import eventbridge

from gcbridge.sandbox.aws.deliveries.under_way import Delivery, Rest
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource

Connection: TypeAlias = dict[str, Any]

# "Retries events associated with error codes 401, 407, 409, 429, and 5xx":
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
RETRIED = {401, 407, 409, 429}
RENEWING = {401, 407}


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered; ``retry_after`` in seconds, None if it did not say."""

    status: int
    retry_after: float | None = None


def read_retry_after(text: str | None) -> float | None:
    """The seconds of a ``Retry-After`` header; a date in it is not understood."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def send(request: dict[str, Any], authorization: dict[str, str]) -> Answer:
    """Send a request as EventBridge does: five seconds at most, and no redirects.

    Raises:
        DeliveryError: ``TIMEOUT`` or ``CONNECTION_FAILURE``.
    """
    headers = eventbridge._finalize_api_dest_headers({**request["headers"], **authorization})
    question = urllib.request.Request(
        request["url"], request["body"].encode(), headers=headers, method=request["method"]
    )
    try:
        with eventbridge._http_open(question) as answer:
            return Answer(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, read_retry_after(error.headers.get("Retry-After")))
    except TimeoutError as error:
        raise DeliveryError("TIMEOUT", f"{request['url']} did not answer in 5 s.", retryable=True) from error
    except (OSError, http.client.HTTPException) as error:
        message = f"{request['url']} can't be reached: {error}"
        raise DeliveryError("CONNECTION_FAILURE", message, retryable=True) from error


def check_answer(answer: Answer) -> None:
    """Take anything but a 2xx as a failure, which is retried or not as AWS documents.

    Raises:
        DeliveryError: it is another status.
    """
    if 200 <= answer.status < 300:
        return
    pause = answer.retry_after or 0.0
    # "If Retry-After value is negative, EventBridge stops retrying delivery for that event."
    retryable = (answer.status in RETRIED or answer.status >= 500) and pause >= 0
    code = "THROTTLING" if answer.status == 429 else "SDK_CLIENT_ERROR"
    message = f"The API destination answered with HTTP status {answer.status}."
    raise DeliveryError(code, message, retryable=retryable, wait_seconds=max(pause, 0.0))


def authorize(connection: Connection, *, renew: bool = False) -> dict[str, str]:
    """The authorization headers; for OAuth, with a token fetched from its endpoint or kept from before.

    Raises:
        DeliveryError: ``SDK_CLIENT_ERROR``; the token can't be fetched.
    """
    owner = parse_arn(connection["ConnectionArn"])
    key = (owner.account_id, owner.region, connection["Name"])
    try:
        headers: dict[str, str] = eventbridge._connection_auth_headers(connection, key, renew)
    except (OSError, ValueError) as error:
        message = f"The connection {connection['Name']} got no access token: {error}"
        raise DeliveryError("SDK_CLIENT_ERROR", message, retryable=True) from error
    return headers


def invoke(request: dict[str, Any], connection: Connection) -> None:
    """Send the request; once more with a new token if an OAuth token was refused.

    Raises:
        DeliveryError: the endpoint did not take it.
    """
    answer = send(request, authorize(connection))
    if answer.status in RENEWING and connection["AuthorizationType"] == "OAUTH_CLIENT_CREDENTIALS":
        answer = send(request, authorize(connection, renew=True))
    check_answer(answer)


def find_destination(arn: str) -> dict[str, Any]:
    """The API destination of that ARN, in the account and region of the request.

    Raises:
        DeliveryError: ``NO_RESOURCE``.
    """
    name = arn.partition(":api-destination/")[2].partition("/")[0]
    destination: dict[str, Any] | None = eventbridge._api_destinations.get(name)
    if destination is None or destination["ApiDestinationArn"] != arn:
        raise no_resource("API destination", arn)
    return destination


def find_connection(arn: str) -> Connection:
    """The connection of that ARN, as it is now.

    Raises:
        DeliveryError: ``NO_RESOURCE``, or ``SDK_CLIENT_ERROR`` if it has no authorization.
    """
    name = arn.partition(":connection/")[2].partition("/")[0]
    connection: Connection | None = eventbridge._connections.get(name)
    if connection is None or connection["ConnectionArn"] != arn:
        raise no_resource("connection", arn)
    if connection["ConnectionState"] != "AUTHORIZED":
        raise DeliveryError("SDK_CLIENT_ERROR", f"The connection {arn} is not authorized.", retryable=True)
    return copy.deepcopy(connection)


def deliver_to_api_destination(delivery: Delivery) -> Rest:
    """Build the request now, as the connection and the destination are; it is sent in a thread.

    Raises:
        DeliveryError: the destination or its connection is not there, or the role may not invoke it.
    """
    owner = delivery.owner("API destination")
    with request_scope(owner.account_id, owner.region):
        destination = find_destination(delivery.arn)
        delivery.caller(needs_role=True).require("events:InvokeApiDestination", delivery.arn)
        connection = find_connection(destination["ConnectionArn"])
    parameters = eventbridge._resolve_http_parameters(
        delivery.target.get("HttpParameters") or {}, delivery.event
    )
    request = eventbridge._build_api_destination_request(
        destination, connection, parameters, delivery.payload
    )
    return lambda: invoke(request, connection)
