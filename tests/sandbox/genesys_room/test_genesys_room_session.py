"""Logins, repetitions and outages: every request ends in time, and every failure in one sentence."""

import socket
import threading
import time

import pytest
from scripted_genesys import LOGIN, ME, ORGANIZATION, Answer

from gcbridge.errors import GenesysError
from gcbridge.genesys import GenesysCredentials, GenesysRefusedError, Patience, open_genesys
from gcbridge.model.bridge import Organization

pytestmark = pytest.mark.sandbox


def said(error):
    """Everything a person may read of an error."""
    return f"{error.summary} {error.where} {error.detail} {error.hint}"


def test_one_login_serves_all_calls(room, scripted):
    """The token is kept, and travels as a bearer."""
    scripted.answer(ME, ORGANIZATION)
    room.organization()
    room.organization()

    assert scripted.lines() == [LOGIN, ME, ME]
    assert scripted.requests[0].body == "grant_type=client_credentials"
    assert scripted.requests[1].headers["Authorization"] == "Bearer token-1"


def test_an_access_token_needs_no_login(open_room, scripted):
    """As in the Terraform provider."""
    scripted.answer(ME, ORGANIZATION)
    open_room(scripted.url, GenesysCredentials(access_token="given")).organization()

    assert scripted.lines() == [ME]
    assert scripted.requests[0].headers["Authorization"] == "Bearer given"


def test_an_expired_token_is_replaced_once(room, scripted):
    """401 leads to a login and a repetition with the new token."""
    scripted.answer(LOGIN, {"access_token": "token-1"}, {"access_token": "token-2"})
    scripted.answer(ME, Answer({"code": "bad.credentials"}, status=401), ORGANIZATION)

    assert room.organization().name == "Acme"
    assert scripted.lines() == [LOGIN, ME, LOGIN, ME]
    assert scripted.requests[-1].headers["Authorization"] == "Bearer token-2"


def test_a_token_that_is_never_accepted_ends(room, scripted):
    """A second 401 is an error, not a loop."""
    scripted.answer(ME, Answer({"code": "bad.credentials"}, status=401))

    with pytest.raises(GenesysRefusedError, match="access token"):
        room.organization()
    assert scripted.lines() == [LOGIN, ME, LOGIN, ME]


def test_threads_that_fail_together_log_in_once(room, scripted):
    """The first thread renews the token, the others take it."""
    scripted.answer(ME, ORGANIZATION)
    room.organization()
    scripted.answer(LOGIN, {"access_token": "token-2"})
    everybody_asked = threading.Barrier(4)
    expired = Answer({"code": "bad.credentials"}, status=401, after=everybody_asked)
    scripted.answer(ME, *[expired] * 4, ORGANIZATION)

    threads = [threading.Thread(target=room.organization) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert scripted.lines().count(LOGIN) <= 3
    assert scripted.lines()[-1] == ME


@pytest.mark.parametrize("status", [400, 401])
def test_wrong_credentials_are_one_error_without_the_secret(room, scripted, status):
    """Even where the other side repeats what it was sent."""
    body = {"error": "invalid_client", "description": "no client with secret hush-hush"}
    scripted.answer(LOGIN, Answer(body, status=status))

    with pytest.raises(GenesysRefusedError) as caught:
        room.organization()

    assert caught.value.where == f"POST {scripted.url}/oauth/token"
    assert "eu-central-1" in caught.value.hint
    assert "hush" not in said(caught.value)
    assert scripted.lines() == [LOGIN]


def test_the_query_is_not_part_of_the_place(room, scripted):
    """Queries may hold what should not be read aloud; the place is method and path."""
    scripted.answer("GET /api/v2/integrations", Answer({"code": "missing.any.permissions"}, status=403))

    with pytest.raises(GenesysRefusedError) as caught:
        room.integrations()

    assert caught.value.where == f"GET {scripted.url}/api/v2/integrations"
    assert "integrations:integration:view" in caught.value.hint
    assert "correlation id c-1" in caught.value.detail


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_passing_faults_are_waited_out(room, scripted, status):
    """Three repetitions, then it worked."""
    scripted.answer(ME, *[Answer({"code": "busy"}, status=status)] * 3, ORGANIZATION)

    assert room.organization().name == "Acme"
    assert scripted.lines().count(ME) == 4


def test_faults_that_stay_end_after_three_repetitions(room, scripted):
    """The last answer is the error."""
    scripted.answer(ME, Answer({"code": "rate", "message": "slow down"}, status=429))

    with pytest.raises(GenesysRefusedError) as caught:
        room.organization()

    assert caught.value.status == 429
    assert "slow down" in caught.value.detail
    assert scripted.lines().count(ME) == 4


def test_retry_after_is_honoured(room, scripted):
    """Genesys Cloud says how long to wait."""
    scripted.answer(ME, Answer({}, status=429, headers={"Retry-After": "1"}), ORGANIZATION)
    started = time.monotonic()
    room.organization()

    assert time.monotonic() - started >= 1


def test_retry_after_is_not_honoured_without_end(open_room, scripted):
    """An hour would look like a hang."""
    scripted.answer(ME, Answer({}, status=429, headers={"Retry-After": "3600"}), ORGANIZATION)
    started = time.monotonic()
    open_room(scripted.url, patience=Patience(longest_pause_seconds=1)).organization()

    assert time.monotonic() - started < 5


def test_a_server_error_is_not_repeated(room, scripted):
    """A plain 500 may have done something."""
    scripted.answer(ME, Answer({"code": "internal.server.error"}, status=500))

    with pytest.raises(GenesysRefusedError, match="failed by itself"):
        room.organization()
    assert scripted.lines().count(ME) == 1


def test_a_dead_endpoint_is_one_error_within_seconds(open_room):
    """The SDK alone would repeat ten times."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(GenesysError) as caught:
            open_room(url).organization()

    assert time.monotonic() - started < 10
    assert caught.value.summary == "Genesys Cloud cannot be reached"
    assert caught.value.where == f"POST {url}/oauth/token"
    assert "refused" in caught.value.detail


def test_an_endpoint_that_never_answers_is_left(open_room, scripted):
    """The SDK alone would wait for ever."""
    released = threading.Event()
    scripted.answer(ME, Answer(ORGANIZATION, after=released))
    patience = Patience(read_seconds=0.2, read_retries=1, pause_seconds=0.01)
    try:
        with pytest.raises(GenesysError) as caught:
            open_room(scripted.url, patience=patience).organization()
    finally:
        released.set()

    assert "timed out" in caught.value.detail
    assert scripted.lines().count(ME) == 2


def test_a_broken_connection_is_tried_once_more(room, scripted):
    """A server may close a kept connection at any time."""
    scripted.answer(ME, Answer(hang_up=True), ORGANIZATION)

    assert room.organization().name == "Acme"


@pytest.mark.parametrize(
    "body", ["<html>hello</html>", "[]", "{}", '{"id": null}', '"text"', '{"access_token": 3}']
)
def test_something_else_that_listens_is_no_traceback(room, scripted, body):
    """A login page of a proxy answers 200 with anything."""
    scripted.answer(LOGIN, Answer(body))
    scripted.answer(ME, Answer(body))

    with pytest.raises(GenesysError, match="not one of the Genesys Cloud API") as caught:
        room.organization()
    assert "genesys.base_url" in caught.value.hint


def test_a_redirect_is_not_followed(room, scripted):
    """The token would go along."""
    scripted.answer(ME, Answer({}, status=302, headers={"Location": "/elsewhere"}))

    with pytest.raises(GenesysRefusedError, match="redirects"):
        room.organization()
    assert "GET /elsewhere" not in scripted.lines()


def test_the_region_chooses_the_address():
    """No request is needed to see that an unknown region has none."""
    with pytest.raises(GenesysError, match="'mars-1' is no Genesys Cloud region"):
        open_genesys(Organization(org_id="o", region="mars-1"), GenesysCredentials(access_token="t"))


def test_the_proxy_of_the_environment_is_used(open_room, scripted, monkeypatch):
    """A proxy gets the whole address; Terraform and boto3 go the same way."""
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, scripted.url.replace("//", "//me:pass@"))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    scripted.answer("POST /oauth/token", {"access_token": "t"})
    scripted.answer(ME, ORGANIZATION)

    assert open_room("http://genesys.invalid").organization().name == "Acme"
    assert scripted.requests[0].headers["Host"] == "genesys.invalid"
    assert scripted.requests[0].headers["proxy-authorization"] == "Basic bWU6cGFzcw=="


def test_a_proxy_is_not_asked_for_this_machine(room, scripted, monkeypatch):
    """Terraform does not ask it either, so a local base URL works behind a proxy."""
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    scripted.answer(ME, ORGANIZATION)

    assert room.organization().name == "Acme"
