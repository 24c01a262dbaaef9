"""What every caller meets: tokens, error bodies, paths, faults."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path

import pytest
from genesys_organization import (
    CLIENT_ID,
    CLIENT_SECRET,
    Organization,
    RecordingPartner,
    run_organization,
    wait_until,
)

ERROR_KEYS = {"status", "code", "message", "messageParams", "contextId", "details", "errors"}


def test_a_token_lasts_a_day(organization: Organization) -> None:
    """The Go SDK panics when it can't re-authorize in time, so tokens live long."""
    body = organization.log_in().json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 86_400)


@pytest.mark.parametrize(
    ("client_id", "secret", "status", "description"),
    [
        ("someone-else", CLIENT_SECRET, 400, "client not found"),
        (CLIENT_ID, "wrong", 401, "authentication failed"),
        ("", "", 400, "client not found"),
    ],
)
def test_wrong_clients_get_what_genesys_answers(
    organization: Organization, client_id: str, secret: str, status: int, description: str
) -> None:
    """An unknown client is a 400, a wrong secret a 401, both with three keys."""
    answer = organization.log_in(client_id, secret)
    expected = {"error": "invalid_client", "description": description, "error_description": description}
    assert (answer.status, answer.json()) == (status, expected)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "authentication.required"),
        ("Basic abc", "authentication.required"),
        ("Bearer made-up", "bad.credentials"),
        ("Bearer 9999999999.x.0", "bad.credentials"),
        ("Bearer \u00e9", "bad.credentials"),
    ],
)
def test_a_call_without_a_good_token_is_401(organization: Organization, header: str, code: str) -> None:
    """The body is Genesys's error body."""
    answer = organization.call("GET", "/api/v2/organizations/me", Authorization=header)
    assert (answer.status, answer.json()["code"]) == (401, code)
    assert answer.json().keys() >= ERROR_KEYS


@pytest.mark.parametrize("path", ["/api/v2/users", "/api/v2/nowhere"])
def test_a_refused_connection_can_be_used_again(organization: Organization, path: str) -> None:
    """Clients send headers and body one after the other; a refusal that comes in between must not cut the connection."""
    headers = {"Content-Length": "2", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", organization.port, timeout=5)
    connection.connect()
    used = connection.sock
    for _ in range(2):
        connection.putrequest("POST", path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        time.sleep(0.1)
        connection.send(b"{}")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 401
    assert connection.sock is used
    connection.close()


def test_a_token_outlives_a_restart_but_not_its_secret(tmp_path: Path) -> None:
    """Clients go on after a restart; a token of another organization is worthless."""
    with run_organization(tmp_path, RecordingPartner()) as first:
        token, org_id = first.token, first.get("/api/v2/organizations/me")["id"]
    with run_organization(tmp_path, RecordingPartner()) as second:
        second.token = token
        assert second.get("/api/v2/organizations/me")["id"] == org_id
    with run_organization(tmp_path, RecordingPartner(), client_secret="another") as third:
        assert third.call("GET", "/api/v2/users", Authorization=f"Bearer {token}").status == 401


def test_a_token_runs_out(tmp_path: Path) -> None:
    """By itself; a new login works."""
    with run_organization(tmp_path, RecordingPartner(), token_life_seconds=2) as organization:
        assert organization.log_in().json()["expires_in"] == 2
        wait_until(lambda: organization.call("GET", "/api/v2/users").status == 401)
        organization.token = organization.log_in().json()["access_token"]
        assert organization.call("GET", "/api/v2/users").status == 200


@pytest.mark.parametrize(
    "path",
    ["/api/v2/organizations/me", "/API/v2/Organizations/ME", "/api-gw/api/v2/organizations/me"],
)
def test_paths_ignore_case_and_one_gateway_segment(organization: Organization, path: str) -> None:
    """As the real API and a `gateway` block with path_params have it."""
    assert organization.get(path)["defaultCountryCode"] == "US"


def test_the_login_may_lie_behind_a_gateway(organization: Organization) -> None:
    """/login/oauth/token is where a `gateway` with a login path sends clients."""
    assert organization.call("POST", "/login/oauth/token").json()["error"] == "unsupported_grant_type"


def test_every_answer_has_a_correlation_id(organization: Organization) -> None:
    """Also refusals."""
    answers = [organization.call("GET", path) for path in ("/api/v2/users", "/api/v2/nowhere", "/elsewhere")]
    assert [answer.status for answer in answers] == [200, 404, 404]
    assert len({answer.headers["Inin-Correlation-Id"] for answer in answers}) == 3


def test_start_up_calls_of_the_provider_find_what_they_dereference(organization: Organization) -> None:
    """The real provider reads these without a nil check."""
    products = organization.get("/api/v2/authorization/products")
    assert products["total"] == len(products["entities"]) > 0
    assert all(product["id"] for product in products["entities"])


def test_client_credentials_are_no_user(organization: Organization) -> None:
    """/users/me needs a user context, which this grant lacks."""
    answer = organization.call("GET", "/api/v2/users/me")
    assert (answer.status, answer.json()["code"]) == (400, "bad.request")


def test_users_come_in_pages(organization: Organization) -> None:
    """Three users, two a page."""
    first = organization.get("/api/v2/users?pageSize=2")
    second = organization.get(first["nextUri"])
    assert [len(page["entities"]) for page in (first, second)] == [2, 1]
    assert (second["total"], second["pageCount"], "nextUri" in second) == (3, 2, False)
    assert first["entities"][0]["email"] == "test.user@example.com"


@pytest.mark.parametrize("query", ["pageSize=0", "pageNumber=x"])
def test_an_impossible_page_is_a_400(organization: Organization, query: str) -> None:
    """Not a silent first page."""
    assert organization.call("GET", f"/api/v2/users?{query}").status == 400


def test_a_fault_hits_the_named_requests_and_then_ends(organization: Organization) -> None:
    """Two GETs of users fail, a third and everything else work."""
    fault = {"method": "GET", "path": "/api/v2/users*", "status": 429, "count": 2, "retry_after": 1}
    organization.must("POST", "/_sandbox/faults", {"fail_next": fault})
    assert organization.call("GET", "/api/v2/organizations/me").status == 200
    answers = [organization.call("GET", "/api/v2/users") for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "1"


def test_tokens_can_be_rejected_and_accepted_again(organization: Organization) -> None:
    """DELETE /_sandbox/faults ends every fault."""
    organization.must("POST", "/_sandbox/faults", {"reject_tokens": True})
    assert organization.call("GET", "/api/v2/users").status == 401
    organization.must("DELETE", "/_sandbox/faults")
    assert organization.call("GET", "/api/v2/users").status == 200


def test_a_misspelt_fault_is_refused(organization: Organization) -> None:
    """A switch that does nothing would make a test pass for the wrong reason."""
    answer = organization.call("POST", "/_sandbox/faults", {"reject_token": True})
    assert (answer.status, "reject_token" in answer.json()["message"]) == (400, True)


def test_the_request_log_names_calls_and_no_secret(organization: Organization) -> None:
    """Method, path, query, status."""
    organization.get("/api/v2/users?pageSize=1")
    requests = organization.get("/_sandbox/requests")["requests"]
    assert ("GET", "/api/v2/users", "pageSize=1", 200) in [
        (r["method"], r["path"], r["query"], r["status"]) for r in requests
    ]
    assert not {organization.token, CLIENT_SECRET} & set(json.dumps(requests).split('"'))


@pytest.mark.parametrize(
    ("value", "names"),
    [("Test.User@example.com", ["gcbridge Test User"]), ("nobody@example.com", [])],
)
def test_users_are_found_by_their_exact_address(
    organization: Organization, value: str, names: list[str]
) -> None:
    """POST /users/search is how a client gets from an e-mail address to an id."""
    body = {"query": [{"type": "EXACT", "fields": ["email"], "value": value}], "pageSize": 2}

    answer = organization.call("POST", "/api/v2/users/search", body)

    assert [user["name"] for user in answer.json()["results"]] == names
