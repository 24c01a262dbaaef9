"""Reads a file of prices: YAML or JSON, name of a price -> US dollars."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gcbridge.errors import UsageError

EXAMPLE = "a line for each, such as `sqs.request: 0.40`"


def read_prices(path: str) -> dict[str, float]:
    """Prices that go before the published ones; which names there are, is not checked here.

    Args:
        path: the file.

    Raises:
        UsageError: it is not there, cannot be read, or holds anything but names and numbers.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("the file of prices cannot be read", where=path, detail=str(error)) from error
    try:
        found = YAML(typ="safe").load(text)
    except (YAMLError, ValueError) as error:
        raise UsageError(
            "the file of prices is no YAML", where=path, detail=str(error), hint=EXAMPLE
        ) from error
    if not isinstance(found, dict):
        raise UsageError("the file of prices holds no names", where=path, hint=EXAMPLE)
    return {str(name): _number(str(name), usd, path) for name, usd in found.items()}


def _number(name: str, usd: object, path: str) -> float:
    if isinstance(usd, bool) or not isinstance(usd, (int, float)):
        raise UsageError(f"the price {name} is no number: {usd!r}", where=path, hint=EXAMPLE)
    try:
        return float(usd)
    except OverflowError as error:
        raise UsageError(f"the price {name} is too large", where=path, hint=EXAMPLE) from error
