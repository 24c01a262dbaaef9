"""The child's environment is built on purpose."""

from pathlib import Path

import pytest

from gcbridge.terraform import child_environment


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "HOME",
        "HTTPS_PROXY",
        "no_proxy",
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "GENESYSCLOUD_OAUTHCLIENT_SECRET",
        "GIT_SSH_COMMAND",
        "SSL_CERT_DIR",
        "TF_LOG",
        "TF_PLUGIN_CACHE_DIR",
        "SSH_AUTH_SOCK",
    ],
)
def test_what_credentials_and_networks_need_passes(name):
    """Credential processes, proxies and logging work as in the caller's shell."""
    assert child_environment({name: "value"})[name] == "value"


@pytest.mark.parametrize(
    "name",
    [
        "TF_CLI_ARGS",
        "TF_CLI_ARGS_plan",
        "TF_DATA_DIR",
        "TF_WORKSPACE",
        "TF_CLI_CONFIG_FILE",
        "TF_VAR_region",
        "TF_REATTACH_PROVIDERS",
    ],
)
def test_what_would_change_a_plan_is_dropped(name):
    """Nothing in the caller's shell bends a command."""
    assert name not in child_environment({name: "value"})


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificate_file_passes_only_where_it_exists(name, tmp_path):
    """The AWS provider refuses to start with a bundle that is not there."""
    bundle = tmp_path / "ca.pem"
    assert name not in child_environment({name: str(bundle)})

    bundle.touch()
    assert child_environment({name: str(bundle)})[name] == str(bundle)


def test_automation_is_announced():
    """Terraform neither asks, nor hints at commands, nor looks for newer releases."""
    child = child_environment({"TF_INPUT": "1"}, cli_configuration=Path("/srv/terraform.tfrc"))

    assert child == {
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": "/srv/terraform.tfrc",
    }


def test_overrides_win_and_the_callers_mapping_is_untouched():
    """An environment's endpoint beats the shell's."""
    caller = {"AWS_ENDPOINT_URL": "http://elsewhere", "TF_VAR_genesys_gateway": "old"}
    overrides = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "TF_VAR_genesys_gateway": "{}"}

    child = child_environment(caller, overrides=overrides)

    assert {name: child[name] for name in overrides} == overrides
    assert caller["AWS_ENDPOINT_URL"] == "http://elsewhere"
