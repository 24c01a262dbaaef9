"""Gives the secret to the connection of an API destination, past Terraform: it stands in no plan and no state.

EventBridge itself keeps it in Secrets Manager and gives it back to nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError, WaitTimeoutError
from gcbridge.model.target_options_spec import (
    ApiKeyAuthorizationSpec,
    AuthorizationSpec,
    BasicAuthorizationSpec,
    OauthAuthorizationSpec,
)
from gcbridge.waiting import wait_until

AUTHORIZED = "AUTHORIZED"
STILL_GOING_ON = frozenset({"CREATING", "UPDATING", "AUTHORIZING"})
AUTHORIZE_SECONDS = 60.0


def set_connection_secret(
    aws: Aws,
    name: str,
    authorization: AuthorizationSpec,
    secret: str,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """A connection has its secret, and EventBridge has accepted it, when this returns.

    Args:
        aws: where the connection is.
        name: of the connection.
        authorization: what was written of it.
        secret: password, key or client secret.
        sleep: what waits between two looks.

    Raises:
        AwsError: AWS refused, or the token endpoint refused the client secret.
        WaitTimeoutError: the connection is still being authorized after a minute.

    IAM actions: events:UpdateConnection, events:DescribeConnection, secretsmanager:UpdateSecret and
    secretsmanager:PutSecretValue on `events!connection/*` ("Connections", EventBridge user guide).
    """
    _update(aws, name, authorization, secret)
    (state, reason), _ = wait_until(
        lambda: _state(aws, name),
        lambda seen: seen[0] not in STILL_GOING_ON,
        describe=lambda seen, seconds: WaitTimeoutError(
            f"connection {name} is still {seen[0]} after {seconds:.0f} s",
            hint="look at it in the EventBridge console, then type the command again",
        ),
        timeout_seconds=AUTHORIZE_SECONDS,
        interval_seconds=1.0,
        sleep=sleep,
    )
    if state != AUTHORIZED:
        raise AwsError(
            f"connection {name} is {state}: EventBridge was not let in with this secret",
            where=name,
            detail=_without(secret, reason),
            hint="correct the secret where it is kept, then apply again",
        )


def _update(aws: Aws, name: str, authorization: AuthorizationSpec, secret: str) -> None:
    try:
        with aws_call(aws.events, "giving a connection its secret", where=name):
            aws.events.update_connection(
                Name=name,
                AuthorizationType=_TYPES[authorization.type],
                AuthParameters=_parameters(authorization, secret),
            )
    except AwsError as error:
        # AWS quotes a value that it does not allow, such as a key with a line break at its end; `from None`,
        # since the error behind this one quotes it as well.
        detail = _without(secret, error.detail)
        raise type(error)(error.summary, where=error.where, detail=detail, hint=error.hint) from None


def _without(secret: str, text: str) -> str:
    for hidden in (secret, secret.strip()):
        text = text.replace(hidden, "(secret)") if hidden else text
    return text


def _state(aws: Aws, name: str) -> tuple[str, str]:
    with aws_call(aws.events, "looking at a connection", where=name):
        found = aws.events.describe_connection(Name=name)
    return found["ConnectionState"], found.get("StateReason", "")


def _parameters(authorization: AuthorizationSpec, secret: str) -> Any:
    match authorization:
        case ApiKeyAuthorizationSpec():
            key = {"ApiKeyName": authorization.header, "ApiKeyValue": secret}
            return {"ApiKeyAuthParameters": key, **_body_parameters(authorization.body_key, secret)}
        case BasicAuthorizationSpec():
            return {"BasicAuthParameters": {"Username": authorization.username, "Password": secret}}
        case OauthAuthorizationSpec():
            body = [{"Key": key, "Value": value} for key, value in sorted(authorization.body.items())]
            return {
                "OAuthParameters": {
                    "ClientParameters": {"ClientID": authorization.client_id, "ClientSecret": secret},
                    "AuthorizationEndpoint": authorization.token_url,
                    "HttpMethod": authorization.http_method,
                    "OAuthHttpParameters": {"BodyParameters": body},
                }
            }


def _body_parameters(key: str | None, secret: str) -> dict[str, Any]:
    """EventBridge puts it into the body of every call, and marked as secret it gives it back to nobody."""
    if key is None:
        return {}
    body = [{"Key": key, "Value": secret, "IsValueSecret": True}]
    return {"InvocationHttpParameters": {"BodyParameters": body}}


_TYPES: dict[str, Any] = {"api_key": "API_KEY", "basic": "BASIC", "oauth": "OAUTH_CLIENT_CREDENTIALS"}
