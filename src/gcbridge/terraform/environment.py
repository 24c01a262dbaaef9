"""The child's environment is built on purpose: what could bend a command is taken out, the rest passes through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_DROPPED_NAMES = frozenset({"TF_DATA_DIR", "TF_WORKSPACE", "TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"})
_DROPPED_PREFIXES = ("TF_CLI_ARGS", "TF_VAR_", "TF_REATTACH_PROVIDERS")
_CERTIFICATE_FILES = ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "GIT_SSL_CAINFO")
_NO_OVERRIDES: Mapping[str, str] = MappingProxyType({})


def child_environment(
    environ: Mapping[str, str],
    *,
    cli_configuration: Path | None = None,
    overrides: Mapping[str, str] = _NO_OVERRIDES,
) -> dict[str, str]:
    """Terraform sees credentials, proxies and logging as they are, and nothing that changes what a command means.

    Dropped: TF_CLI_ARGS*, TF_DATA_DIR, TF_WORKSPACE, TF_CLI_CONFIG_FILE, TF_VAR_*, TF_REATTACH_PROVIDERS (each
    silently changes a plan), and AWS_CA_BUNDLE, SSL_CERT_FILE, GIT_SSL_CAINFO where they name a file that does
    not exist (the AWS provider and git refuse to start then). All other variables pass, since a credential
    process may need any of them. Source: https://developer.hashicorp.com/terraform/cli/config/environment-variables

    Args:
        environ: the caller's environment; it is not changed.
        cli_configuration: becomes TF_CLI_CONFIG_FILE; without it Terraform reads the person's own file.
        overrides: set last, such as AWS_ENDPOINT_URL, AWS_REGION or TF_VAR_genesys_gateway.
    """
    child = {name: value for name, value in environ.items() if not _is_dropped(name, value)}
    child.update(TF_IN_AUTOMATION="1", TF_INPUT="0", CHECKPOINT_DISABLE="1")
    if cli_configuration is not None:
        child["TF_CLI_CONFIG_FILE"] = str(cli_configuration.absolute())
    child.update(overrides)
    return child


def _is_dropped(name: str, value: str) -> bool:
    if name in _DROPPED_NAMES or name.startswith(_DROPPED_PREFIXES):
        return True
    return name in _CERTIFICATE_FILES and not Path(value).is_file()
