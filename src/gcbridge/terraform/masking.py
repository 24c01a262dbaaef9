"""Secrets of the environment never leave this room in a text: errors and events carry `***` in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

MASK = "***"
_SECRET_NAME = re.compile(r"SECRET|TOKEN|PASSW|KEY|CREDENTIAL", re.IGNORECASE)
_PUBLIC_NAME = re.compile(r"KEY_?ID$|_FILE$|_PATH$|_DIR$|_URI$|_URL$", re.IGNORECASE)
_SHORTEST_SECRET = 5
"""Shorter values, such as the `test` of a sandbox, are no secrets, and masking them would garble every text."""


@dataclass(frozen=True, slots=True)
class SecretMask:
    """Replaces known secrets, as they are and percent-encoded.

    Args:
        secrets: texts to hide, longest first, so that no secret survives as the rest of a shorter one.
    """

    secrets: tuple[str, ...] = ()

    def mask_text(self, text: str) -> str:
        """Hide every secret in a text."""
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return text

    def mask_json(self, value: Any) -> Any:
        """Hide every secret in the strings of a JSON value, keys included."""
        if isinstance(value, str):
            return self.mask_text(value)
        if isinstance(value, list):
            return [self.mask_json(item) for item in value]
        if isinstance(value, dict):
            return {self.mask_text(key): self.mask_json(item) for key, item in value.items()}
        return value


def find_secrets(environ: Mapping[str, str]) -> SecretMask:
    """A variable's name tells whether its value is a secret; passwords inside proxy addresses count too.

    Args:
        environ: the environment that Terraform runs with.
    """
    values = [value for name, value in environ.items() if _is_secret_name(name)]
    values += [_url_password(value) for name, value in environ.items() if name.lower().endswith("_proxy")]
    kept = {value for value in values if len(value) >= _SHORTEST_SECRET and value not in {"false", "False"}}
    encoded = {quote(value, safe="") for value in kept}
    return SecretMask(tuple(sorted(kept | encoded, key=lambda secret: (-len(secret), secret))))


def _is_secret_name(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _PUBLIC_NAME.search(name)


def _url_password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
