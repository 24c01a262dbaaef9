"""The PagerDuty-shaped server refuses what PagerDuty refuses, so that a test against it can fail."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from pagerduty_server import PagerDuty, run_pagerduty

ROUTING_KEY = "0123456789abcdef0123456789abcdef"
EVENT: dict[str, Any] = {
    "routing_key": ROUTING_KEY,
    "event_action": "trigger",
    "dedup_key": "client-1",
    "payload": {"summary": "OAuth client deleted", "source": "genesys", "severity": "warning"},
}
INCIDENT: dict[str, Any] = {
    "incident": {
        "type": "incident",
        "title": "OAuth client deleted",
        "service": {"id": "PSERVICE", "type": "service_reference"},
        "incident_key": "client-1",
    }
}
REST_HEADERS = {"Authorization": "Token token=abc", "From": "who@example.com"}


@pytest.fixture
def pagerduty() -> Iterator[PagerDuty]:
    """A server of its own."""
    with run_pagerduty() as server:
        yield server


def post(
    pagerduty: PagerDuty, path: str, body: Any, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Status and body of the answer."""
    request = urllib.request.Request(pagerduty.url + path, json.dumps(body).encode(), headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_the_same_dedup_key_joins_the_open_incident(pagerduty: PagerDuty) -> None:
    """Two events make one incident; after it is resolved, the next opens another."""
    expected = (202, {"status": "success", "message": "Event processed", "dedup_key": "client-1"})
    assert post(pagerduty, "/v2/enqueue", EVENT) == expected
    assert post(pagerduty, "/v2/enqueue", EVENT) == expected
    assert [(one.key, len(one.joined)) for one in pagerduty.incidents] == [("client-1", 1)]
    assert post(pagerduty, "/v2/enqueue", {**EVENT, "event_action": "resolve"}) == expected
    assert post(pagerduty, "/v2/enqueue", EVENT) == expected
    assert [one.is_open for one in pagerduty.incidents] == [False, True]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"routing_key": "short"}, "Length of 'routing_key' is incorrect (should be 32 characters)"),
        ({"routing_key": ""}, "'routing_key' is missing or blank"),
        (
            {"event_action": "open"},
            "'event_action' is invalid (must be one of trigger, acknowledge, resolve)",
        ),
        (
            {"payload": {"summary": "s", "source": "g", "severity": "bad"}},
            "'payload.severity' is invalid (must be one of critical, error, warning, info)",
        ),
        ({"payload": {"source": "g", "severity": "info"}}, "'payload.summary' is missing or blank"),
    ],
)
def test_an_invalid_event_is_refused(pagerduty: PagerDuty, change: dict[str, Any], error: str) -> None:
    """It opens no incident."""
    status, answer = post(pagerduty, "/v2/enqueue", {**EVENT, **change})
    assert (status, answer["errors"]) == (400, [error])
    assert not pagerduty.incidents


def test_an_incident_of_the_rest_api(pagerduty: PagerDuty) -> None:
    """The second one with the same key is error 2002 while the first is open."""
    status, answer = post(pagerduty, "/incidents", INCIDENT, REST_HEADERS)
    assert (status, answer["incident"]["status"]) == (201, "triggered")
    status, answer = post(pagerduty, "/incidents", INCIDENT, REST_HEADERS)
    assert (status, answer["error"]["code"]) == (400, 2002)
    assert [one.title for one in pagerduty.incidents] == ["OAuth client deleted"]
    assert pagerduty.requests[0].headers["authorization"] == "Token token=abc"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({**REST_HEADERS, "Authorization": "Bearer abc"}, 401), ({**REST_HEADERS, "From": ""}, 400)],
)
def test_the_rest_api_wants_its_headers(pagerduty: PagerDuty, headers: dict[str, str], status: int) -> None:
    """A token, and the address of a user."""
    assert post(pagerduty, "/incidents", INCIDENT, headers)[0] == status
    assert not pagerduty.incidents


def test_it_fails_as_often_as_told(pagerduty: PagerDuty) -> None:
    """A failed request has no effect, and is remembered."""
    pagerduty.will_fail(2, 503)
    assert [post(pagerduty, "/v2/enqueue", EVENT)[0] for _ in range(3)] == [503, 503, 202]
    assert [request.status for request in pagerduty.requests] == [503, 503, 202]
    assert len(pagerduty.incidents) == 1
