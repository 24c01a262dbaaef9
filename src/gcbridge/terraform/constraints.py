"""Terraform's version constraints, read with the rules of `packaging`."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_PART = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?([0-9][0-9A-Za-z.+-]*)\s*")
_OPERATORS = {None: "==", "=": "==", "~>": "~="}


def satisfies(version: str, constraint: str) -> bool:
    """Tell whether Terraform would take this version.

    `~> 5` means `>= 5.0, < 6.0`; a pre-release is taken only where the constraint names exactly it.
    Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints

    Args:
        version: such as `5.100.0`; what is no version satisfies nothing.
        constraint: such as `>= 5.80.0, < 6.0.0`; empty means any.

    >>> satisfies("5.100.0", "~> 5.80"), satisfies("6.0.0", "~> 5.80")
    (True, False)
    """
    try:
        found = Version(version)
        specifiers = SpecifierSet(
            ",".join(_specifier(part) for part in constraint.split(",") if part.strip())
        )
    except (InvalidVersion, InvalidSpecifier):
        return False
    is_named = any(
        specifier.operator == "==" and Version(specifier.version) == found for specifier in specifiers
    )
    return specifiers.contains(found, prereleases=is_named)


def _specifier(part: str) -> str:
    match = _PART.fullmatch(part)
    if match is None:
        raise InvalidSpecifier(part)
    operator, number = match.groups()
    if operator == "~>" and "." not in number:
        number += ".0"
    return _OPERATORS.get(operator, operator) + number
