"""What is known of the body of a topic's events, for the first step of the trigger test.

Genesys Cloud judges by the schema of the topic, which is not published as a whole. Here the recorded samples say which
type a top-level field has; fields that no sample has, and topics without a sample, pass.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from gcbridge.sandbox.genesys.samples import Placeholders, all_samples

_TYPES = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


def shape_problems(topic: str, body: dict[str, Any]) -> list[str]:
    """Every top-level field whose type is another than in the samples of the topic."""
    return [
        f"$.{name}: {_type(value)} found, {' or '.join(sorted(known))} expected"
        for name, value in body.items()
        if value is not None and (known := _shape(topic).get(name)) and _type(value) not in known
    ]


@cache
def _shape(topic: str) -> dict[str, frozenset[str]]:
    types: defaultdict[str, set[str]] = defaultdict(set)
    for sample in all_samples():
        if sample.topic == topic:
            filled = Placeholders("user", "user", "organization").fill(sample.detail["eventBody"])
            for name, value in filled.items():
                types[name].add(_type(value))
    return {name: frozenset(known) for name, known in types.items() if "null" not in known}


def _type(value: Any) -> str:
    return _TYPES[type(value)]
