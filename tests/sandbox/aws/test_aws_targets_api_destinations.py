"""API destinations: the request, its authorization, and which answers are retried."""

from __future__ import annotations

import base64
import json
import socket
from typing import Any

import pytest
from customer_world import RULE, Fields, World, wait_for
from kinds_of_target import make_api_destination, received_by_api_destination

DETAIL = {"user": "u 1"}
FEW = {"RetryPolicy": {"MaximumRetryAttempts": 2}}


def add_rule(world: World, target: Fields, **fields: Any) -> None:
    """The rule with the target, two retries and a dead-letter queue."""
    world.bridge.add_rule(RULE, {"Id": "t", **target, **FEW, **world.add_dead_letter_queue(), **fields})


def test_the_request(world: World) -> None:
    """Path, query and headers from the event; the connection's own parameters go with every request."""
    parameters = {
        "HeaderParameters": [{"Key": "X-Team", "Value": "cx"}],
        "QueryStringParameters": [{"Key": "v", "Value": "1"}],
        "BodyParameters": [{"Key": "more", "Value": "yes"}],
    }
    key = {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret"}
    target = make_api_destination(world, ApiKeyAuthParameters=key, InvocationHttpParameters=parameters)
    add_rule(world, target, Input='{"n": 1}')
    world.bridge.send(DETAIL)
    (asked,) = wait_for(lambda: world.endpoint.asked)
    assert (asked.method, asked.path) == ("POST", "/users/u%201/calls?from=genesys&v=1")
    assert asked.body == '{"n": 1, "more": "yes"}'
    expected = {
        "x-key": "s3cret",
        "x-team": "cx",
        "x-topic": "v2.detail.events.conversation.{id}.user.end",
        "user-agent": "Amazon/EventBridge/ApiDestinations",
        "content-type": "application/json; charset=utf-8",
    }
    assert {name: asked.headers[name] for name in expected} == expected


def test_a_secret_parameter_of_the_connection_wins_over_the_body(world: World) -> None:
    """After the input transformer; a body that is no JSON object stays as it is."""
    parameters = {"BodyParameters": [{"Key": "routing_key", "Value": "s3cret", "IsValueSecret": True}]}
    key = {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret"}
    target = make_api_destination(world, ApiKeyAuthParameters=key, InvocationHttpParameters=parameters)
    transformer = {
        "InputPathsMap": {"user": "$.detail.user"},
        "InputTemplate": '{"user": <user>, "routing_key": "from the event"}',
    }
    add_rule(world, target, InputTransformer=transformer)
    world.bridge.send(DETAIL)
    (asked,) = wait_for(lambda: world.endpoint.asked)
    assert json.loads(asked.body) == {"user": "u 1", "routing_key": "s3cret"}
    add_rule(world, target, Input='["no object"]')
    world.bridge.send(DETAIL)
    assert wait_for(lambda: world.endpoint.asked[1:])[0].body == '["no object"]'


def test_basic_authorization(world: World) -> None:
    """User name and password in the usual header."""
    basic = {"Username": "u", "Password": "p"}
    add_rule(world, make_api_destination(world, "BASIC", BasicAuthParameters=basic))
    world.bridge.send(DETAIL)
    (asked,) = wait_for(lambda: world.endpoint.asked)
    assert asked.headers["authorization"] == f"Basic {base64.b64encode(b'u:p').decode()}"


def oauth(world: World) -> Fields:
    """A target with a connection that gets its tokens from the endpoint."""
    parameters = {
        "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
        "AuthorizationEndpoint": f"{world.endpoint.url}/token",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {"BodyParameters": [{"Key": "scope", "Value": "calls"}]},
    }
    return make_api_destination(world, "OAUTH_CLIENT_CREDENTIALS", OAuthParameters=parameters)


def test_oauth_fetches_a_token_and_renews_one_that_is_refused(world: World) -> None:
    """Client credentials; kept for the next event; fetched again after a 401."""
    add_rule(world, oauth(world))
    world.endpoint.will_answer(200, body={"access_token": "one", "expires_in": 3600})
    world.bridge.send(DETAIL)
    assert wait_for(lambda: world.endpoint.asked[1:])
    world.endpoint.will_answer(401)
    world.endpoint.will_answer(200, body={"access_token": "two", "expires_in": 3600})
    world.bridge.send(DETAIL)
    assert wait_for(lambda: world.endpoint.asked[4:])
    paths = [asked.path.partition("?")[0] for asked in world.endpoint.asked]
    call = "/users/u%201/calls"
    assert paths == ["/token", call, call, "/token", call]
    sent = [asked.headers.get("authorization") for asked in world.endpoint.asked]
    assert sent == [None, "Bearer one", "Bearer one", None, "Bearer two"]
    form = "grant_type=client_credentials&client_id=id&client_secret=secret&scope=calls"
    assert world.endpoint.asked[0].body == form


def test_a_token_that_cannot_be_fetched_is_retried_and_then_a_dead_letter(world: World) -> None:
    """The endpoint is not asked without one."""
    add_rule(world, oauth(world))
    world.endpoint.will_answer(500, 500, 500)
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert (letter["ERROR_CODE"], letter["RETRY_ATTEMPTS"]) == ("SDK_CLIENT_ERROR", "2")
    assert {asked.path for asked in world.endpoint.asked} == {"/token"}


@pytest.mark.parametrize("status", [401, 407, 409, 429, 500, 503])
def test_answers_that_are_retried(world: World, status: int) -> None:
    """The third attempt succeeds."""
    add_rule(world, make_api_destination(world))
    world.endpoint.will_answer(status, status)
    world.bridge.send(DETAIL)
    assert wait_for(lambda: world.endpoint.asked[2:])
    assert world.dead_letters() == []


@pytest.mark.parametrize("status", [302, 400, 403, 404, 410, 422])
def test_answers_that_are_not_retried(world: World, status: int) -> None:
    """A dead letter after one attempt, without a limit that was reached."""
    add_rule(world, make_api_destination(world))
    world.endpoint.will_answer(status)
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert (letter["ERROR_CODE"], letter["RETRY_ATTEMPTS"]) == ("SDK_CLIENT_ERROR", "0")
    assert str(status) in letter["ERROR_MESSAGE"]
    assert "EXHAUSTED_RETRY_CONDITION" not in letter
    assert len(world.endpoint.asked) == 1


def test_after_the_last_retry_it_is_a_dead_letter(world: World) -> None:
    """With the number of retries, and the limit that was reached; the body is the event, untransformed."""
    add_rule(world, make_api_destination(world), Input="{}")
    world.endpoint.will_answer(503, 503, 429)
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert letter["body"]["detail"] == DETAIL
    found = {name: letter[name] for name in ("ERROR_CODE", "RETRY_ATTEMPTS", "EXHAUSTED_RETRY_CONDITION")}
    assert found == {
        "ERROR_CODE": "THROTTLING",
        "RETRY_ATTEMPTS": "2",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
    }
    assert received_by_api_destination(world) == ["{}", "{}", "{}"]


@pytest.mark.parametrize(
    ("wait", "condition"), [("3600", "MaximumEventAgeInSeconds"), ("-1", None)], ids=["too long", "never"]
)
def test_retry_after(world: World, wait: str, condition: str | None) -> None:
    """A pause that the event would not live to see ends the delivery, and so does a negative one."""
    age = {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 5}
    add_rule(world, make_api_destination(world), RetryPolicy=age)
    world.endpoint.will_answer(503, Retry_After=wait)
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert letter["RETRY_ATTEMPTS"] == "0"
    assert letter.get("EXHAUSTED_RETRY_CONDITION") == condition


def test_an_endpoint_that_is_not_there(world: World) -> None:
    """Retried, and then a dead letter."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
    target = make_api_destination(world)
    world.aws("events").update_api_destination(Name="a", InvocationEndpoint=endpoint)
    add_rule(world, target)
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert (letter["ERROR_CODE"], letter["RETRY_ATTEMPTS"]) == ("CONNECTION_FAILURE", "2")


def test_an_endpoint_that_is_too_slow(world: World) -> None:
    """Five seconds, and not more."""
    world.endpoint.delay_seconds = 6
    add_rule(world, make_api_destination(world), RetryPolicy={"MaximumRetryAttempts": 0})
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert letter["ERROR_CODE"] == "TIMEOUT"
    assert letter["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"


def test_a_connection_without_authorization_is_not_used(world: World) -> None:
    """The endpoint is not asked until it is authorized again."""
    target = make_api_destination(world)
    world.aws("events").deauthorize_connection(Name="c")
    add_rule(world, target)
    world.bridge.send(DETAIL)
    (letter,) = wait_for(world.dead_letters)
    assert letter["ERROR_CODE"] == "SDK_CLIENT_ERROR"
    assert world.endpoint.asked == []
