"""Each refusal of Genesys Cloud becomes one sentence, one place and one thing to do."""

import json

import pytest

from gcbridge.genesys.failures import Refusal, explain_outage, explain_refusal

API = "https://api.mypurecloud.de"
LOGIN = "https://login.mypurecloud.de/oauth/token"


def refusal(status, body="", *, method="GET", url=f"{API}/api/v2/integrations", headers=None):
    text = body if isinstance(body, str) else json.dumps(body)
    return Refusal(method=method, url=url, status=status, body=text, headers=headers or {})


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "invalid_client", "error_description": "client not found: invalid_client"}),
        (401, {"error": "invalid_client", "description": "authentication failed"}),
    ],
)
def test_wrong_credentials_point_at_id_secret_and_region(status, body):
    """An OAuth client exists only in its own region, so the region is named too."""
    error = explain_refusal(refusal(status, body, method="POST", url=LOGIN), "eu-central-1")

    assert error.summary == "Genesys Cloud does not accept the OAuth client"
    assert error.where == f"POST {LOGIN}"
    assert f"HTTP {status} invalid_client" in error.detail
    assert "GENESYSCLOUD_OAUTHCLIENT_ID" in error.hint
    assert "eu-central-1" in error.hint


def test_too_many_logins_are_no_wrong_credentials():
    """Genesys answers 400 here; the words tell the difference."""
    body = {"error": "invalid_request", "description": "rate limit exceeded; try later"}
    error = explain_refusal(refusal(400, body, method="POST", url=LOGIN), "eu-central-1")

    assert error.summary == "Genesys Cloud limits the rate of logins"
    assert "wait a minute" in error.hint


def test_a_missing_permission_is_named_as_genesys_names_it():
    """The permission stands in the message."""
    body = {
        "status": 403,
        "code": "missing.any.permissions",
        "message": "You must have at least one of the following permissions assigned: [integrations:integration:edit]",
    }
    error = explain_refusal(refusal(403, body, method="PUT"), "eu-central-1")

    assert error.summary == "the OAuth client lacks the permission integrations:integration:edit"
    assert "integrations:integration:edit" in error.hint


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/api/v2/integrations/1/config/current", "integrations:integration:view"),
        ("PUT", "/api/v2/integrations/1/config/current", "integrations:integration:edit"),
        ("POST", "/api/v2/users/search", "directory:user:view"),
    ],
)
def test_a_missing_permission_is_known_where_genesys_does_not_name_it(method, path, permission):
    """The documented permission of the call stands in."""
    error = explain_refusal(refusal(403, method=method, url=API + path), "eu-central-1")

    assert permission in error.summary


@pytest.mark.parametrize(
    ("status", "summary", "hint"),
    [
        (301, "the address redirects, which the Genesys API does not do", "genesys.base_url"),
        (400, "Genesys Cloud refused the request", "see what it said"),
        (401, "Genesys Cloud does not accept the access token", "GENESYSCLOUD_ACCESS_TOKEN"),
        (403, "Genesys Cloud forbids this", "roles"),
        (404, "Genesys Cloud does not have this", "check the id"),
        (409, "somebody else changed this in Genesys Cloud at the same moment", "again"),
        (429, "Genesys Cloud limits the rate of requests", "wait a minute"),
        (500, "Genesys Cloud failed by itself", "again"),
        (503, "Genesys Cloud failed by itself", "again"),
    ],
)
def test_every_status_has_its_sentence(status, summary, hint):
    """What failed and what to do follow from the status."""
    error = explain_refusal(refusal(status, url=f"{API}/api/v2/organizations/me"), "eu-central-1")

    assert (error.summary, error.status) == (summary, status)
    assert hint in error.hint


def test_the_correlation_id_is_kept_for_support():
    """Headers are found in any case."""
    error = explain_refusal(refusal(500, headers={"ININ-Correlation-Id": "c0ffee"}), "eu-central-1")

    assert "correlation id c0ffee" in error.detail


def test_a_page_of_html_is_cut():
    """A proxy's page does not fill the terminal."""
    error = explain_refusal(refusal(502, "<html>\n" + "x " * 5000), "eu-central-1")

    assert len(error.detail) < 400


def test_an_outage_says_who_could_not_be_reached():
    """urllib3 wraps the reason; the reason is what a person reads."""
    wrapped = OSError("wrapper")
    wrapped.reason = OSError("connection refused")
    error = explain_outage(wrapped, "GET", f"{API}/api/v2/organizations/me")

    assert error.summary == "Genesys Cloud cannot be reached"
    assert error.where == f"GET {API}/api/v2/organizations/me"
    assert error.detail == "connection refused"
    assert "genesys.base_url" in error.hint
