"""Values become HCL literals here and nowhere else, so that nothing a person wrote can become syntax."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STEP = 2
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
KEYWORDS = frozenset({"true", "false", "null", "for", "if", "in", "else", "endif", "endfor"})
REFERENCE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)+")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories that are written as escapes: they would not show, or would reorder the line, in a review."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to another Terraform object is the only text that `hcl_literal` does not quote.

    Args:
        address: a dotted traversal such as `module.event_bus.arn`.

    Raises:
        ValueError: anything but a dotted traversal.
    """

    address: str

    def __post_init__(self) -> None:
        if not REFERENCE.fullmatch(self.address):
            raise ValueError(f"{self.address!r} is no reference to a Terraform object")


def hcl_literal(value: Any, indent: int = 0) -> str:
    """An HCL literal means exactly the value, laid out as `terraform fmt` would leave it.

    A list of at most one scalar and an empty mapping stay on one line; everything longer has one item a line.

    Args:
        value: str, bool, int, float, None, list, tuple, mapping with str keys, or Reference; nested at will.
        indent: spaces before the line that the literal begins on.

    Raises:
        TypeError: a value of another type, or a mapping key that is no str.
        ValueError: a number that is not finite, or text with a lone surrogate.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Reference):
        return value.address
    if isinstance(value, Mapping):
        return _mapping(value, indent)
    if isinstance(value, list | tuple):
        return _sequence(value, indent)
    raise TypeError(f"HCL has no literal for {type(value).__name__}")


def hcl_arguments(values: Mapping[str, Any], indent: int = STEP) -> str:
    """The arguments of a block, one below the other, laid out as `terraform fmt` would leave them.

    Args:
        values: argument name -> value, as `hcl_literal` takes it.
        indent: spaces before each argument.

    Raises:
        TypeError: as `hcl_literal`.
        ValueError: as `hcl_literal`.
    """
    items = [(_key(key), hcl_literal(item, indent)) for key, item in values.items()]
    return "\n".join(f"{' ' * indent}{key.ljust(width)} = {text}" for width, key, text in _aligned(items))


def quoted(text: str) -> str:
    r"""A quoted HCL string that can neither end early nor begin an interpolation or a directive.

    >>> quoted('say "${hi}"')
    '"say \\"$${hi}\\""'
    """
    escaped = "".join(_escape(character) for character in text)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def _escape(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    category = unicodedata.category(character)
    if category == "Cs":
        raise ValueError(f"text holds the lone surrogate U+{ord(character):04X}, which UTF-8 cannot carry")
    return _code_point(character) if category in INVISIBLE else character


def _code_point(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"HCL has no number {value}")
    return repr(value)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"an HCL map key is text, not {type(key).__name__}")
    if IDENTIFIER.fullmatch(key) and key not in KEYWORDS:
        return key
    # terraform fmt aligns by grapheme clusters; below U+0300 one character is one cluster.
    return "".join(c if ord(c) < 0x300 else _code_point(c) for c in quoted(key))


def _mapping(value: Mapping[Any, Any], indent: int) -> str:
    inner = indent + STEP
    items = [(_key(key), hcl_literal(item, inner)) for key, item in value.items()]
    if not items:
        return "{}"
    lines = (f"{' ' * inner}{key.ljust(width)} = {text}\n" for width, key, text in _aligned(items))
    return "{\n" + "".join(lines) + " " * indent + "}"


def _aligned(items: list[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Neighbours that fit on one line share a column; a value of several lines stands for itself."""
    placed: list[tuple[int, str, str]] = []
    run: list[tuple[str, str]] = []
    for item in [*items, ("", "\n")]:
        if "\n" not in item[1]:
            run.append(item)
            continue
        width = max((len(key) for key, _ in run), default=0)
        placed += [(width, key, text) for key, text in run]
        placed.append((0, *item))
        run = []
    return placed[:-1]


def _sequence(value: list[Any] | tuple[Any, ...], indent: int) -> str:
    if len(value) <= 1 and not any(isinstance(item, Mapping | list | tuple) for item in value):
        return f"[{''.join(hcl_literal(item) for item in value)}]"
    inner = indent + STEP
    return (
        "[\n" + "".join(f"{' ' * inner}{hcl_literal(item, inner)},\n" for item in value) + " " * indent + "]"
    )
