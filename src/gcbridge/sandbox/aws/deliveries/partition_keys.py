"""Partition keys of Firehose that are more than paths: defaults (``//``) and replacements (``gsub``).

ministack reads jq expressions of the form ``{key: .path}`` only. What it calls unsupported is read
here: ``{key: expression, …}`` with paths, texts, ``//``, ``|``, parentheses and the functions below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.services import firehose

Value: TypeAlias = Any
Filter: TypeAlias = Callable[[Value], Value]

TOKEN = re.compile(r'\s*("(?:\\.|[^"\\])*"|//|\d+|[A-Za-z_]\w*|[{}()\[\].:;,|])')


def tokens_of(expression: str) -> list[str]:
    """The tokens of an expression.

    Raises:
        ValueError: a character that no token begins with.
    """
    tokens, position = [], 0
    expression = expression.strip()
    while position < len(expression):
        match = TOKEN.match(expression, position)
        if match is None:
            raise ValueError(f"unsupported jq syntax at {expression[position:]!r}")
        tokens.append(match[1])
        position = match.end()
    return tokens


def replace_all(pattern: Filter, replacement: Filter) -> Filter:
    """``gsub(pattern; replacement)``."""
    return lambda value: re.sub(pattern(value), lambda _: str(replacement(value)), value)


# By name and number of arguments.
FUNCTIONS: dict[tuple[str, int], Callable[..., Filter]] = {
    ("gsub", 2): replace_all,
    ("ascii_downcase", 0): lambda: lambda value: value.lower(),
    ("ascii_upcase", 0): lambda: lambda value: value.upper(),
    ("tostring", 0): lambda: lambda value: value if isinstance(value, str) else json.dumps(value),
}


def member(inner: Filter, key: str | int) -> Filter:
    """``inner.key`` or ``inner[key]``; null where there is none."""

    def look(value: Value) -> Value:
        whole = inner(value)
        if isinstance(key, str):
            return whole.get(key) if isinstance(whole, dict) else None
        return whole[key] if isinstance(whole, list) and key < len(whole) else None

    return look


def either(first: Filter, second: Filter) -> Filter:
    """``first // second``: the second where the first is null or false."""

    def choose(value: Value) -> Value:
        found = first(value)
        return second(value) if found is None or found is False else found

    return choose


def chain(first: Filter, second: Filter) -> Filter:
    """``first | second``."""
    return lambda value: second(first(value))


class Parser:
    """Reads an expression from left to right.

    Raises:
        ValueError: from every method; the expression is of another form.
    """

    def __init__(self, expression: str) -> None:
        self._tokens = [*tokens_of(expression), ""]
        self._next = 0

    def peek(self) -> str:
        """The next token; empty at the end."""
        return self._tokens[self._next]

    def take(self, wanted: str = "") -> str:
        """The next token, which must be ``wanted``."""
        symbol = self.peek()
        if not symbol or (wanted and symbol != wanted):
            raise ValueError(f"unsupported jq expression at {symbol!r}")
        self._next += 1
        return symbol

    def take_if(self, wanted: str) -> bool:
        """Whether the next token is ``wanted``; if so, it is taken."""
        if self.peek() != wanted:
            return False
        self.take()
        return True

    def name(self) -> str:
        """A key, with or without quotes."""
        symbol = self.take()
        return str(json.loads(symbol)) if symbol.startswith('"') else symbol

    def pipe(self) -> Filter:
        """``a // b | c | …``."""
        found = self.alternative()
        while self.take_if("|"):
            found = chain(found, self.alternative())
        return found

    def alternative(self) -> Filter:
        """``a // b // …``."""
        found = self.term()
        return either(found, self.alternative()) if self.take_if("//") else found

    def term(self) -> Filter:
        """A path, a text, a call, or something in parentheses."""
        symbol = self.take()
        if symbol == "(":
            inner = self.pipe()
            self.take(")")
            return inner
        if symbol == ".":
            return self.path()
        if symbol.startswith('"'):
            text = json.loads(symbol)
            return lambda _: text
        return self.call(symbol)

    def path(self) -> Filter:
        """What follows a dot: ``a."b"[0]``; nothing is the whole document."""
        found: Filter = lambda value: value  # noqa: E731  # the identity, which is rebuilt below
        if re.match(r'[\w"]', self.peek()):
            found = member(found, self.name())
        while self.peek() in {".", "["}:
            if self.take() == ".":
                found = member(found, self.name())
                continue
            symbol = self.take()
            found = member(found, json.loads(symbol))
            self.take("]")
        return found

    def call(self, name: str) -> Filter:
        """A function with its arguments, which ``;`` divides."""
        arguments: list[Filter] = []
        if self.take_if("("):
            arguments.append(self.pipe())
            while self.take_if(";"):
                arguments.append(self.pipe())
            self.take(")")
        function = FUNCTIONS.get((name, len(arguments)))
        if function is None:
            raise ValueError(f"unsupported jq function: {name}")
        return function(*arguments)

    def keys(self) -> dict[str, Filter]:
        """The whole of it: ``{key: expression, …}``."""
        self.take("{")
        found = {}
        while not self.take_if("}"):
            key = self.name()
            self.take(":")
            found[key] = self.alternative()
            if self.peek() != "}":
                self.take(",")
        if self.peek():
            raise ValueError(f"unsupported jq expression at {self.peek()!r}")
        return found


def extract_keys(query: str, document: Any) -> dict[str, str]:
    """The partition keys that a query finds in a record.

    Raises:
        ValueError: the query is of another form, or a key is no scalar value.
    """
    keys = {}
    for name, look in Parser(query).keys().items():
        value = look(document)
        if value is None or isinstance(value, dict | list):
            raise ValueError(f"partition key {name} has no scalar value")
        keys[name] = value if isinstance(value, str) else json.dumps(value)
    return keys


def query_of(configuration: dict[str, Any]) -> str:
    """The query of a destination's MetadataExtraction processor."""
    processors = (configuration.get("ProcessingConfiguration") or {}).get("Processors") or []
    for processor in processors:
        for parameter in processor.get("Parameters") or []:
            if parameter["ParameterName"] == "MetadataExtractionQuery":
                return str(parameter["ParameterValue"])
    return ""


def metadata_extraction_keys(original: Callable[..., Any], cfg: dict[str, Any], data: bytes) -> Any:
    """The partition keys of a record, as ministack reads them or, if it can't, as this module does."""
    try:
        return original(cfg, data)
    except firehose._DeliveryError as error:
        if "unsupported jq" not in error.message:
            raise
        try:
            return extract_keys(query_of(cfg), json.loads(data))
        except (ValueError, AttributeError, TypeError) as reason:
            message = f"Metadata extraction failed: {reason}"
            raise firehose._DeliveryError("processing-failed", message) from reason
