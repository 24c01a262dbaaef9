"""A JMESPath expression that says which events are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jmespath
from jmespath.exceptions import EmptyExpressionError, LexerError, ParseError
from jmespath.functions import Functions
from jmespath.lexer import Lexer

from gcbridge.errors import UsageError

_LANGUAGE = "JMESPath is described at https://jmespath.org/specification.html"
_COMPARATORS = {"eq", "ne", "lt", "gt", "lte", "gte"}
_FIELDS = {"quoted_identifier", "unquoted_identifier"}
_GOES_ON = {"dot", "lbracket", "flatten", "filter", "lparen"}
"""Tokens after which a name is a path or a function, not a word that was meant as text."""
_BROKEN = (ValueError, TypeError, ArithmeticError, RecursionError)
"""What evaluating raises: jmespath's own errors are ValueErrors, and it lets Python's pass."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expression says of one event.

    Args:
        wanted: it is true of the event, as JMESPath knows truth.
        fault: why the expression could not be evaluated; empty where it could.
    """

    wanted: bool
    fault: str = ""


class EventFilter:
    """Which events are wanted, by an expression that was read once; `read_filter` makes one."""

    def __init__(self, text: str, expression: Any) -> None:
        self.text = text
        self._expression = expression

    def ask(self, event: Mapping[str, Any]) -> Answer:
        """An event for which the expression makes no sense is not wanted, and the fault says why.

        JMESPath's truth: null, false, and an empty text, list or object are false; everything else is true, 0 too
        (JMESPath specification, "Or Expressions").

        Args:
            event: what the expression is about, as JSON values.

        >>> read_filter("eventBody.presenceDefinition.systemPresence == 'BUSY'").ask({"eventBody": {}})
        Answer(wanted=False, fault='')
        """
        try:
            found = self._expression.search(event)
        except _BROKEN as error:
            return Answer(False, str(error) or type(error).__name__)
        return Answer(found is not None and found is not False and found not in ("", [], {}))

    def doubts(self) -> tuple[str, ...]:
        """What is valid JMESPath and was probably not meant.

        `== "BUSY"` compares with a field of that name, and `!a.b` is `(!a).b`, which is nothing.
        """
        tokens = list(Lexer().tokenize(self.text))
        three = zip(tokens, tokens[1:], tokens[2:], strict=False)
        return tuple(doubt for one, field, after in three if (doubt := _doubt(one, field, after)))


def read_filter(text: str, option: str = "--filter") -> EventFilter:
    """The expression is refused here or never: unknown functions and wrong numbers of arguments, too.

    Args:
        text: JMESPath, such as `eventBody.action == 'Delete'`.
        option: where it was written, for the message.

    Raises:
        UsageError: it is no JMESPath; the detail shows the place.
    """
    try:
        expression = jmespath.compile(text)
    except EmptyExpressionError as error:
        raise UsageError(f"{option} is empty", hint=f"{option} \"eventBody.action == 'Delete'\"") from error
    except ParseError as error:
        raise _refusal(text, option, error.lex_position, _said(error), _hint(text, error)) from error
    except RecursionError as error:
        raise UsageError(f"{option} is nested too deeply", hint=_LANGUAGE) from error
    for name, count in _calls(expression.parsed):
        _check_call(text, option, name, count)
    return EventFilter(text, expression)


def _refusal(text: str, option: str, position: int, message: str, hint: str) -> UsageError:
    before = text[:position].rpartition("\n")[2]
    after = text[position:].partition("\n")[0]
    return UsageError(
        f"{option} is no JMESPath: {message}",
        where=f"character {position + 1} of {option}",
        detail=f"{before}{after}\n{' ' * len(before)}^",
        hint=hint,
    )


def _said(error: ParseError) -> str:
    if isinstance(error, LexerError):
        return error.message[:1].lower() + error.message[1:]
    if not error.token_type or error.token_type == "eof":  # noqa: S105  (a token of the grammar)
        return "it ends too early"
    return f"{error.token_value} is not expected here"


def _hint(text: str, error: ParseError) -> str:
    rest = text[error.lex_position :]
    if isinstance(error, LexerError) and rest.startswith("="):
        return "two values are compared with =="
    if isinstance(error, LexerError) and rest.startswith("-"):
        return 'a name with a hyphen is written in double quotes: "detail-type"'
    if rest[:1].isdigit():
        return "a number is written in backquotes: `3`"
    return _LANGUAGE


def _calls(node: Any) -> Iterator[tuple[str, int]]:
    """Names of the functions that are called, and with how many arguments."""
    if isinstance(node, Mapping):
        if node.get("type") == "function_expression":
            yield node["value"], len(node["children"])
        for child in node.get("children", ()):
            yield from _calls(child)


def _check_call(text: str, option: str, name: str, count: int) -> None:
    # jmespath itself finds out only when an event has come.
    position = _position_of_call(text, name)
    known = Functions.FUNCTION_TABLE.get(name)
    if known is None:
        names = ", ".join(sorted(Functions.FUNCTION_TABLE))
        raise _refusal(text, option, position, f"there is no function {name}", f"there are {names}")
    signature = known["signature"]
    takes_more = bool(signature) and bool(signature[-1].get("variadic"))
    if count < len(signature) or (count > len(signature) and not takes_more):
        wanted = f"{'at least ' if takes_more else ''}{len(signature)}"
        message = f"{name}() takes {wanted} argument{'' if len(signature) == 1 else 's'}, not {count}"
        raise _refusal(text, option, position, message, _LANGUAGE)


def _position_of_call(text: str, name: str) -> int:
    found = re.search(rf"\b{re.escape(name)}\s*\(", text)
    return found.start() if found else 0


def _written(token: Any) -> str:
    return f'"{token["value"]}"' if token["type"] == "quoted_identifier" else str(token["value"])


def _doubt(before: Any, field: Any, after: Any) -> str:
    if field["type"] not in _FIELDS:
        return ""
    if before["type"] in _COMPARATORS and after["type"] not in _GOES_ON:
        return f"{_written(field)} names a field of the event; the text is written '{field['value']}'"
    if before["type"] == "not" and after["type"] == "dot":
        return f"! belongs to {_written(field)} alone; write !(...) around the whole path"
    return ""
