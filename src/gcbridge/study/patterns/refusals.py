"""Why no value of a field can satisfy one entry of a pattern."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from gcbridge.routing.numbers import is_number
from gcbridge.routing.operators import (
    AnythingBut,
    Equals,
    Exists,
    NumericRange,
    Operator,
)
from gcbridge.study.patterns.asked import Entry
from gcbridge.study.patterns.event_shape import TOPIC_NAME
from gcbridge.study.patterns.sent import Kind, Sent
from gcbridge.study.patterns.text_search import Nothing
from gcbridge.study.patterns.value_search import find_value
from gcbridge.study.patterns.warned import listed

DESCRIBED: dict[Kind, str] = {
    "text": "text",
    "time": "text (an ISO 8601 time)",
    "number": "a number",
    "boolean": "true or false",
}
VALUES_SHOWN = 8
EPOCH_FIELDS = ("Time", "Date", "TimeMs")
"""How the names of fields end that are moments; where they are numbers, those are milliseconds since 1970.

Source: captured `v2.detail.events` against captured audit events.
"""


class Refusal(NamedTuple):
    """Why an entry holds for no event.

    Args:
        fault: to be followed by the topics.
        hint: what to write instead.
        remark: to follow the topics.
        is_of_bus: it holds for all events of the bus, whatever the topic.
    """

    fault: str
    hint: str = ""
    remark: str = ""
    is_of_bus: bool = False

    def of_topics(self, names: Sequence[str]) -> str:
        """The whole sentence."""
        return self.fault if self.is_of_bus else f"{self.fault} in {listed(names)}{self.remark}"


def refusal(entry: Entry, sent: Sent, path: str) -> Refusal | None:
    """Why nothing that is sent satisfies an entry; None where something may.

    Args:
        entry: of the field's array.
        sent: what the topic has there: a value, or nobody knows what.
        path: of the field, for the words.
    """
    operator = entry.operator
    if path == TOPIC_NAME and "{id}" in shown(entry):
        return _template(entry)
    if sent.within and not isinstance(operator, Exists) and not _can_both_hold(operator, sent):
        return _outside(entry, sent, path)
    if sent.kind == "unknown" or isinstance(operator, (Exists, AnythingBut)) or _is_null(operator):
        return None
    if _asks_for(operator) != ("text" if sent.kind == "time" else sent.kind):
        is_what = f"{_last(path)} is {_described(sent.kind, path)}"
        return Refusal(f"{shown(entry)} never holds: {is_what}", _other_kind(entry, sent.kind))
    if sent.values and not any(operator.matches(value) for value in sent.values):
        return _no_such_value(entry, sent.values, path)
    return None


def _template(entry: Entry) -> Refusal:
    hint = "choose the topic with topics, or with detail-type in a pattern"
    if isinstance(entry.operator, Equals):
        wildcard = {"wildcard": str(entry.written).replace("{id}", "*")}
        hint = f"{hint}; or write {json.dumps(wildcard)}"
    return Refusal(f"{shown(entry)} never holds: {TOPIC_NAME} has ids in place of {{id}}", hint)


def _can_both_hold(operator: Operator, sent: Sent) -> bool:
    return find_value(((operator,), sent.within), (), sent.kinds) is not Nothing.NONE


def _outside(entry: Entry, sent: Sent, path: str) -> Refusal:
    """Of a field whose values follow from the bus and the topic: the account, the region, the topic's name."""
    known = sent.within[0]
    always = known.value if isinstance(known, Equals) else getattr(known, "text", "")
    if _asks_for(entry.operator) != "text" and isinstance(known, Equals):
        fault = f"{shown(entry)} never holds: {path} is text in every event"
        return Refusal(fault, f"write {json.dumps(always)}", is_of_bus=True)
    what = f"{shown(entry)} never holds: {path} is {always}"
    return Refusal(f"{what} on this bus", is_of_bus=True) if path != TOPIC_NAME else Refusal(what)


def shown(entry: Entry) -> str:
    """An entry as it stands in JSON."""
    return json.dumps(entry.written, ensure_ascii=False)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _is_null(operator: Operator) -> bool:
    return isinstance(operator, Equals) and operator.value is None


def _asks_for(operator: Operator) -> Kind:
    if isinstance(operator, NumericRange):
        return "number"
    if isinstance(operator, Equals) and isinstance(operator.value, bool):
        return "boolean"
    if isinstance(operator, Equals) and is_number(operator.value):
        return "number"
    return "text"


def _described(kind: Kind, path: str) -> str:
    if kind == "number" and path.endswith(EPOCH_FIELDS):
        return "a number (milliseconds since 1970)"
    return DESCRIBED[kind]


def _other_kind(entry: Entry, kind: Kind) -> str:
    """The same value as the kind that is sent, where there is one."""
    meant: Any = None
    written = entry.written
    if kind in {"text", "time"} and is_number(written) and math.isfinite(written):
        meant = str(written)
    elif kind == "boolean" and isinstance(written, str) and written.lower() in {"true", "false"}:
        meant = written.lower() == "true"
    elif kind == "number" and isinstance(written, str) and written.isascii() and written.isdigit():
        meant = int(written)
    elif kind == "time":
        return 'compare it as text, such as {"prefix": "2026-01-31"}'
    return "" if meant is None else f"write {json.dumps(meant)}"


def _no_such_value(entry: Entry, values: tuple[str, ...], path: str) -> Refusal:
    if not isinstance(entry.written, str):
        return Refusal(f"{shown(entry)} fits none of the values known of {_last(path)}", _values(values))
    fault = f"{shown(entry)} is no value known of {_last(path)}"
    folded = {value.casefold(): value for value in reversed(values)}
    twin = folded.get(entry.written.casefold())
    close = difflib.get_close_matches(entry.written.casefold(), folded, n=1, cutoff=0.75)
    if twin is not None:
        return Refusal(fault, f"did you mean {json.dumps(twin)}?", ", and case counts")
    if close:
        return Refusal(fault, f"did you mean {json.dumps(folded[close[0]])}?")
    return Refusal(fault, _values(values))


def _values(values: tuple[str, ...]) -> str:
    more = f" and {len(values) - VALUES_SHOWN} more" if len(values) > VALUES_SHOWN else ""
    return f"known: {', '.join(values[:VALUES_SHOWN])}{more}"
