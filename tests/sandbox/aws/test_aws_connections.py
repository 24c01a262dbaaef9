"""Connections and API destinations: ids in ARNs, secrets that are kept but never told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
API_KEY = {
    "ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": "s3cret"},
    "InvocationHttpParameters": {
        "HeaderParameters": [
            {"Key": "X-Tenant", "Value": "acme", "IsValueSecret": False},
            {"Key": "X-Token", "Value": "s3cret", "IsValueSecret": True},
        ],
        "BodyParameters": [{"Key": "routing_key", "Value": "s3cret", "IsValueSecret": True}],
    },
}
BASIC = {"BasicAuthParameters": {"Username": "genesys", "Password": "s3cret"}}
OAUTH = {
    "OAuthParameters": {
        "ClientParameters": {"ClientID": "genesys", "ClientSecret": "s3cret"},
        "AuthorizationEndpoint": "https://login.example.com/token",
        "HttpMethod": "POST",
    }
}
BY_TYPE = {"API_KEY": API_KEY, "BASIC": BASIC, "OAUTH_CLIENT_CREDENTIALS": OAUTH}


def add_connection(connect: Any, kind: str = "API_KEY") -> dict[str, Any]:
    """A connection of that authorization type, as it is described."""
    events = connect("events")
    events.create_connection(Name="crm", AuthorizationType=kind, AuthParameters=BY_TYPE[kind])
    described: dict[str, Any] = events.describe_connection(Name="crm")
    return described


def kept_secret(connect: Any) -> str:
    """The text of the connection's secret."""
    arn = connect("events").describe_connection(Name="crm")["SecretArn"]
    return str(connect("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])


@pytest.mark.parametrize("kind", BY_TYPE)
def test_a_connection_never_tells_its_secrets(connect: Any, kind: str) -> None:
    """Names and ids are told, values are not; nor are those of headers and body parameters that are marked as secret."""
    described = add_connection(connect, kind)
    assert described["ConnectionState"] == "AUTHORIZED"
    assert described["AuthorizationType"] == kind
    assert "s3cret" not in str(described)
    assert any(name in str(described) for name in ("X-Api-Key", "genesys"))
    assert ("acme" in str(described)) == ("routing_key" in str(described)) == (kind == "API_KEY")
    assert "s3cret" not in str(connect("events").list_connections())
    assert "s3cret" in kept_secret(connect)


def test_arns_end_with_an_id(connect: Any) -> None:
    """Nobody can compute them, nor the secret's."""
    described = add_connection(connect)
    events, account = connect("events"), "eu-west-1:123456789012"
    assert re.fullmatch(f"arn:aws:events:{account}:connection/crm/{UUID}", described["ConnectionArn"])
    secret = f"arn:aws:secretsmanager:{account}:secret:events!connection/crm/{UUID}-[A-Za-z0-9]{{6}}"
    assert re.fullmatch(secret, described["SecretArn"])
    created = events.create_api_destination(
        Name="calls",
        ConnectionArn=described["ConnectionArn"],
        InvocationEndpoint="https://crm.example.com/calls",
        HttpMethod="POST",
    )
    assert re.fullmatch(
        f"arn:aws:events:{account}:api-destination/calls/{UUID}", created["ApiDestinationArn"]
    )
    destination = events.describe_api_destination(Name="calls")
    assert destination["ApiDestinationArn"] == created["ApiDestinationArn"]
    assert destination["ConnectionArn"] == described["ConnectionArn"]


def test_an_update_changes_what_it_gives(connect: Any) -> None:
    """A new secret takes the old one's place; headers and the secret's ARN stay."""
    before = add_connection(connect)
    update = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": "new"}}
    answer = connect("events").update_connection(Name="crm", AuthParameters=update)
    assert answer["ConnectionState"] == "AUTHORIZED"
    after = connect("events").describe_connection(Name="crm")
    assert after["AuthParameters"] == before["AuthParameters"]
    assert after["SecretArn"] == before["SecretArn"]
    assert '"ApiKeyValue": "new"' in kept_secret(connect)
    assert "acme" in kept_secret(connect)


def test_an_update_may_change_the_authorization_type(connect: Any) -> None:
    """Then nothing of the former type is left."""
    add_connection(connect)
    connect("events").update_connection(Name="crm", AuthorizationType="BASIC", AuthParameters=BASIC)
    after = connect("events").describe_connection(Name="crm")
    assert after["AuthorizationType"] == "BASIC"
    assert after["AuthParameters"].keys() == {"BasicAuthParameters", "InvocationHttpParameters"}


def test_an_update_of_the_description_keeps_the_secret(connect: Any) -> None:
    """And what is refused changes nothing."""
    add_connection(connect)
    connect("events").update_connection(Name="crm", Description="The CRM")
    assert connect("events").describe_connection(Name="crm")["Description"] == "The CRM"
    with pytest.raises(ClientError, match="ValidationException"):
        connect("events").update_connection(Name="crm", AuthorizationType="NONE", AuthParameters=BASIC)
    assert '"ApiKeyValue": "s3cret"' in kept_secret(connect)


def test_the_secret_goes_with_its_connection(connect: Any) -> None:
    """A second connection of the name is another one."""
    first = add_connection(connect)
    connect("events").delete_connection(Name="crm")
    assert connect("secretsmanager").list_secrets()["SecretList"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect("events").describe_connection(Name="crm")
    assert add_connection(connect)["ConnectionArn"] != first["ConnectionArn"]
