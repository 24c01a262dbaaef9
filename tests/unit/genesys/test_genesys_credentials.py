"""Credentials come from the variables of the Terraform provider and never show."""

import pytest

from gcbridge.errors import GenesysError
from gcbridge.genesys.credentials import credentials_from

OAUTH_CLIENT = {"GENESYSCLOUD_OAUTHCLIENT_ID": "client-1", "GENESYSCLOUD_OAUTHCLIENT_SECRET": "hush-hush"}
TOKEN = {"GENESYSCLOUD_ACCESS_TOKEN": "token-hush"}


def test_an_oauth_client_can_log_in():
    """Id and secret are read, spaces around them dropped."""
    credentials = credentials_from({**OAUTH_CLIENT, "GENESYSCLOUD_OAUTHCLIENT_ID": " client-1\n"})

    assert (credentials.client_id, credentials.client_secret) == ("client-1", "hush-hush")
    assert credentials.can_log_in


def test_an_access_token_wins_and_cannot_log_in():
    """As in the provider, a token makes the OAuth client superfluous."""
    credentials = credentials_from({**OAUTH_CLIENT, **TOKEN})

    assert (credentials.access_token, credentials.client_secret) == ("token-hush", "")
    assert not credentials.can_log_in


@pytest.mark.parametrize("environ", [OAUTH_CLIENT, TOKEN])
def test_secrets_do_not_show(environ):
    """Neither repr nor str holds the secret or the token, and redact blanks them."""
    credentials = credentials_from(environ)

    assert "hush" not in f"{credentials!r} {credentials}"
    assert credentials.redact("said hush-hush and token-hush").count("***") == 1


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"]),
        ({"GENESYSCLOUD_OAUTHCLIENT_ID": "client-1"}, ["GENESYSCLOUD_OAUTHCLIENT_SECRET"]),
        ({"GENESYSCLOUD_OAUTHCLIENT_SECRET": "hush-hush"}, ["GENESYSCLOUD_OAUTHCLIENT_ID"]),
        ({**OAUTH_CLIENT, "GENESYSCLOUD_OAUTHCLIENT_SECRET": "  "}, ["GENESYSCLOUD_OAUTHCLIENT_SECRET"]),
    ],
)
def test_missing_credentials_name_the_variables_and_the_permissions(environ, named):
    """The error says which variable is missing, what to export, and what the client must be allowed."""
    with pytest.raises(GenesysError) as caught:
        credentials_from(environ)

    error = caught.value
    assert all(name in error.where for name in named)
    assert "GENESYSCLOUD_OAUTHCLIENT_ID" in error.hint
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in error.hint
    assert "integrations:integration:view" in error.detail


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "schlüssel"])
def test_a_value_that_cannot_travel_in_a_header_is_refused_unseen(value):
    """The variable is named, its value is not."""
    with pytest.raises(GenesysError) as caught:
        credentials_from({**OAUTH_CLIENT, "GENESYSCLOUD_OAUTHCLIENT_SECRET": value})

    error = caught.value
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in error.summary
    assert value not in f"{error.summary} {error.where} {error.detail} {error.hint}"
