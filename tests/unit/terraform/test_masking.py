"""Secrets of the environment are hidden in every text."""

import json

import pytest

from gcbridge.terraform.masking import find_secrets
from gcbridge.terraform.ui_events import parse_event


@pytest.mark.parametrize(
    "name",
    [
        "GENESYSCLOUD_OAUTHCLIENT_SECRET",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "TF_TOKEN_app_terraform_io",
        "DB_PASSWORD",
        "TF_VAR_client_secret",
        "PROXY_API_KEY",
    ],
)
def test_value_of_a_secret_variable_is_masked(name):
    """The name of a variable decides."""
    mask = find_secrets({name: "hunter2hunter2"})

    assert mask.mask_text("401 for hunter2hunter2.") == "401 for ***."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("SKIP_TOKEN_CHECK", "false"),
    ],
)
def test_public_values_stay_readable(name, value):
    """Ids, file names, regions, and the short dummies of a sandbox tell nothing."""
    assert find_secrets({name: value}).mask_text(f"seen {value}") == f"seen {value}"


def test_percent_encoded_secret_is_masked():
    """A secret inside a URL is still one."""
    assert find_secrets({"A_SECRET": "a/b+c=d"}).mask_text("?s=a%2Fb%2Bc%3Dd") == "?s=***"


def test_longer_secret_wins_over_its_beginning():
    """No part of a long secret is left over when a shorter one is its beginning."""
    mask = find_secrets({"A_TOKEN": "abcdef", "B_TOKEN": "abcdefghijk"})

    assert mask.mask_text("abcdefghijk abcdef") == "*** ***"


def test_password_of_a_proxy_address_is_masked():
    """Proxy variables often carry a password."""
    mask = find_secrets({"HTTPS_PROXY": "http://me:letmein@proxy:3128"})

    assert (
        mask.mask_text("proxyconnect http://me:letmein@proxy:3128") == "proxyconnect http://me:***@proxy:3128"
    )


def test_event_never_carries_a_secret():
    """A secret is found even where JSON writes it with escapes."""
    secret = 'quote"back\\slash'
    line = json.dumps(
        {
            "type": "diagnostic",
            "@message": f"Error: {secret}",
            "diagnostic": {"severity": "error", "summary": "refused", "detail": f"client secret {secret}"},
        }
    )

    event = parse_event(line, find_secrets({"MY_SECRET": secret}))

    assert secret not in event.model_dump_json()
    assert event.diagnostic.detail == "client secret ***"
