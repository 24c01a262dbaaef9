"""The CLI configuration that gcbridge hands to Terraform through TF_CLI_CONFIG_FILE."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.terraform.providers import ProviderSearch

FILE_NAME = "terraform.tfrc"


def provider_installation(search: ProviderSearch) -> str:
    """Terraform takes from each mirror what it holds, and everything else from the registry.

    Syntax: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation

    Args:
        search: which mirror has which provider.
    """
    blocks = [
        "  filesystem_mirror {\n"
        f"    path    = {_quote(str(mirror.path))}\n"
        f"    include = {_quote_list(mirror.addresses)}\n"
        "  }\n"
        for mirror in search.mirrors
    ]
    exclude = f"    exclude = {_quote_list(search.mirrored)}\n" if search.mirrored else ""
    blocks.append(f"  direct {{\n{exclude}  }}\n")
    return "disable_checkpoint = true\n\nprovider_installation {\n" + "\n".join(blocks) + "}\n"


def write_cli_configuration(folder: Path, search: ProviderSearch) -> Path:
    """Write the configuration into gcbridge's own work folder, whole or not at all.

    A person's `~/.terraformrc` is neither changed nor read while it is in use: its `provider_installation`,
    `plugin_cache_dir` and `credentials` blocks do not count. The environment variables TF_PLUGIN_CACHE_DIR and
    TF_TOKEN_<host> do. Two threads may write at once.

    Args:
        folder: is made if missing.
        search: which mirror has which provider.

    Returns:
        The file, for TF_CLI_CONFIG_FILE.
    """
    file = (folder / FILE_NAME).absolute()
    write_atomically(file, provider_installation(search), mode=0o600)
    return file


def _quote(text: str) -> str:
    # The file is HCL 1, which knows JSON's escapes and wants other characters as they are.
    return json.dumps(text, ensure_ascii=False)


def _quote_list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quote(text) for text in texts) + "]"
