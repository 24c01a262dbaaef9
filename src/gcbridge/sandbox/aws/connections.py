"""Connections of API destinations: what becomes of their secrets, and the ARNs of both.

ministack tells every secret in DescribeConnection, has no Secrets Manager secret, and makes ARNs
that a caller could compute. AWS adds an id to the ARN of a connection and of an API destination.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from ministack.core.responses import new_uuid
from ministack.services import eventbridge, secretsmanager

from gcbridge.sandbox.aws.answers import Answer, Handler, Request, answer_error, answer_ok, is_ok

Connection: TypeAlias = dict[str, Any]
Parameters: TypeAlias = dict[str, Any]

# By authorization type: the block of AuthParameters that belongs to it.
BLOCKS = {
    "API_KEY": "ApiKeyAuthParameters",
    "BASIC": "BasicAuthParameters",
    "OAUTH_CLIENT_CREDENTIALS": "OAuthParameters",
}
SECRET_FIELDS = {"ApiKeyValue", "Password", "ClientSecret"}
SUMMARY_FIELDS = (
    "Name",
    "ConnectionArn",
    "ConnectionState",
    "AuthorizationType",
    "CreationTime",
    "LastModifiedTime",
    "LastAuthorizedTime",
)
OPTIONAL_FIELDS = ("Description", "SecretArn")


def without_secrets(parameters: Any) -> Any:
    """Authorization parameters as DescribeConnection shows them: every secret value left out."""
    if isinstance(parameters, list):
        return [without_secrets(item) for item in parameters]
    if not isinstance(parameters, dict):
        return parameters
    hidden = SECRET_FIELDS | ({"Value"} if parameters.get("IsValueSecret") else set())
    return {name: without_secrets(value) for name, value in parameters.items() if name not in hidden}


def merge(old: Parameters, new: Parameters) -> Parameters:
    """``old`` with what ``new`` gives; every field of an update is optional, and lists are replaced."""
    merged = {**old, **new}
    for name, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(name), dict):
            merged[name] = merge(old[name], value)
    return merged


def updated_parameters(connection: Connection, data: Request) -> Parameters:
    """The authorization parameters after an update, without those of another authorization type."""
    kind = data.get("AuthorizationType") or connection["AuthorizationType"]
    merged = merge(connection["AuthParameters"], data.get("AuthParameters") or {})
    others = {block for name, block in BLOCKS.items() if name != kind}
    return {name: value for name, value in merged.items() if name not in others}


def store_secret(connection: Connection) -> None:
    """Keep the parameters in a secret of Secrets Manager, as AWS does in the customer's account."""
    name, _, unique_id = connection["ConnectionArn"].partition(":connection/")[2].partition("/")
    text = json.dumps(connection["AuthParameters"])
    if "SecretArn" in connection:
        secretsmanager._put_secret_value({"SecretId": connection["SecretArn"], "SecretString": text})
        return
    made = {"Name": f"events!connection/{name}/{unique_id}", "SecretString": text}
    connection["SecretArn"] = json.loads(secretsmanager._create_secret(made)[2])["ARN"]


def answer_with_arn(answer: Answer, field: str, arn: str) -> Answer:
    """The answer with another ARN."""
    return answer_ok({**json.loads(answer[2]), field: arn})


def create_connection(original: Handler, data: Request) -> Answer:
    """CreateConnection: AUTHORIZED at once, with a secret."""
    answer = original(data)
    if not is_ok(answer):
        return answer
    connection = eventbridge._connections[data["Name"]]
    connection["ConnectionArn"] += f"/{new_uuid()}"
    store_secret(connection)
    return answer_with_arn(answer, "ConnectionArn", connection["ConnectionArn"])


def update_connection(original: Handler, data: Request) -> Answer:
    """UpdateConnection: what is left out of ``AuthParameters`` stays as it was."""
    connection = eventbridge._connections.get(data.get("Name"))
    if connection is None or not {"AuthParameters", "AuthorizationType"} & data.keys():
        return original(data)
    answer = original({**data, "AuthParameters": updated_parameters(connection, data)})
    if is_ok(answer):
        store_secret(connection)
    return answer


def describe_connection(data: Request) -> Answer:
    """DescribeConnection: everything but secret values."""
    connection = eventbridge._connections.get(data.get("Name"))
    if connection is None:
        return answer_error("ResourceNotFoundException", f"Connection {data.get('Name')} does not exist.")
    shown = {name: connection[name] for name in SUMMARY_FIELDS if name in connection}
    shown |= {name: connection[name] for name in OPTIONAL_FIELDS if connection.get(name)}
    return answer_ok({**shown, "AuthParameters": without_secrets(connection["AuthParameters"])})


def delete_connection(original: Handler, data: Request) -> Answer:
    """DeleteConnection: its secret goes with it."""
    connection = eventbridge._connections.get(data.get("Name"))
    answer = original(data)
    if connection and "SecretArn" in connection:
        doomed = {"SecretId": connection["SecretArn"], "ForceDeleteWithoutRecovery": True}
        secretsmanager._delete_secret(doomed)
    return answer


def create_api_destination(original: Handler, data: Request) -> Answer:
    """CreateApiDestination: with an id in its ARN."""
    answer = original(data)
    if not is_ok(answer):
        return answer
    destination = eventbridge._api_destinations[data["Name"]]
    destination["ApiDestinationArn"] += f"/{new_uuid()}"
    return answer_with_arn(answer, "ApiDestinationArn", destination["ApiDestinationArn"])
