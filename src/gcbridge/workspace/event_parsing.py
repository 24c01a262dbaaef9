"""JSON text -> events, with file and line of what is none."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import orjson

from gcbridge.errors import GcbridgeError
from gcbridge.study.traffic.wrappings import NoEventError, unwrap

BOUNDARY = b"}{"


class EventText(NamedTuple):
    """JSON of one or more events, not parsed yet.

    Args:
        text: whole JSON values.
        where: `file:line` of its beginning.
    """

    text: bytes
    where: str


def parse_events(text: EventText) -> list[dict[str, Any]]:
    """The EventBridge events in a text: one, an array of them, several one behind the other, or in a wrapping.

    Args:
        text: whole JSON values.

    Raises:
        GcbridgeError: it is no JSON, or holds something else than events; says file and line.
    """
    try:
        document = orjson.loads(text.text)
    except orjson.JSONDecodeError:
        documents = _parse_slowly(text)
    else:
        if type(document) is dict and "detail-type" in document:
            return [document]
        documents = [document]
    try:
        return [event for document in documents for event in unwrap(document)]
    except NoEventError as error:
        raise GcbridgeError(error.fault, where=text.where, hint=error.hint) from error


def end_of_objects(text: bytes | bytearray) -> int:
    """Where the last object ends that is surely whole, among objects one behind the other; 0 where none is.

    Finding this by `}{` is five times as fast as counting brackets, and as sure: what is parsed as a whole object from
    its true beginning has its true end there.

    Args:
        text: begins where an object begins.
    """
    end = 0
    for piece in bytes(text).split(BOUNDARY)[:-1]:
        try:
            orjson.loads(b"{" + piece + b"}" if end else piece + b"}")
        except orjson.JSONDecodeError:
            break
        end += len(piece) + (2 if end else 1)
    return end


def _parse_slowly(text: EventText) -> list[Any]:
    """What orjson refuses: several values in a row, texts with half of a surrogate pair, and what is no JSON."""
    try:
        pieces = text.text.split(BOUNDARY)
        return [orjson.loads(piece) for piece in _with_braces(pieces)]
    except orjson.JSONDecodeError:
        # `}{` may stand inside a text too; then at least one piece is no JSON.
        return _parse_one_by_one(text)


def _with_braces(pieces: list[bytes]) -> list[bytes]:
    last = len(pieces) - 1
    return [
        (b"{" if index else b"") + piece + (b"}" if index < last else b"")
        for index, piece in enumerate(pieces)
    ]


def _parse_one_by_one(text: EventText) -> list[Any]:
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    documents = []
    try:
        whole = text.text.decode().rstrip()
        position = _next_value(whole, 0)
        while position < len(whole):
            document, position = decoder.raw_decode(whole, position)
            documents.append(document)
            position = _next_value(whole, position)
    except json.JSONDecodeError as error:
        ends_early = error.pos >= len(error.doc) or error.msg.startswith("Unterminated")
        fault = "it ends early" if ends_early else f"{error.msg.lower()} at column {error.colno}"
        raise _no_json(text, fault, error.lineno) from error
    except _NoNumberError as error:
        line = 1 + text.text[: text.text.find(error.name.encode())].count(b"\n")
        raise _no_json(text, str(error), line) from error
    except UnicodeDecodeError as error:
        line = 1 + text.text[: error.start].count(b"\n")
        raise _no_json(text, "its text is not UTF-8", line) from error
    except (RecursionError, ValueError) as error:
        # ValueError: Python refuses whole numbers of more than 4,300 digits.
        raise _no_json(text, str(error), 1) from error
    return documents


def _next_value(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


class _NoNumberError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is no number there; write null, or leave the field out")
        self.name = name


def _refuse_constant(name: str) -> Any:
    raise _NoNumberError(name)


def _no_json(text: EventText, fault: str, line: int) -> GcbridgeError:
    name, _, first = text.where.rpartition(":")
    return GcbridgeError(
        f"this is not JSON: {fault}",
        where=f"{name}:{int(first) + line - 1}",
        detail=f"it begins with {text.text[:60].decode(errors='replace')}",
        hint="events are read as JSON, as JSON Lines, or one behind the other: mend the line, or take it out",
    )
