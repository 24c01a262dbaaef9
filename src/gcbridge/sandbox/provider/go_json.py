"""JSON text as Go's encoding/json writes it and as the provider compares it."""

from __future__ import annotations

import json

from gcbridge.sandbox.provider.wire import Value

# Go escapes these so that its output can stand inside HTML; Terraform's jsonencode() does the same.
_HTML_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def marshal(value: Value) -> str:
    """Compact JSON with sorted keys, byte for byte what Terraform's jsonencode() makes of the same value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.translate(_HTML_ESCAPES)


def equivalent(original: str, incoming: str) -> bool:
    """Whether the provider hides the difference between two JSON texts.

    Key order, white space and null properties of `incoming` do not count, the order of arrays does
    (genesyscloud/util/util_json.go: EquivalentJsons).
    """
    if original == incoming:
        return True
    try:
        return _canonical(_loads(original)) == _canonical(_without_null_properties(_loads(incoming)))
    except ValueError:
        return False


def _loads(text: str) -> Value:
    # Every number is a float64 in Go, so 1 and 1.0 are the same value there.
    return json.loads(text, parse_int=float)


def _canonical(value: Value) -> str:
    # Compared as text because in Python True == 1.
    return json.dumps(value, sort_keys=True)


def _without_null_properties(value: Value) -> Value:
    if isinstance(value, dict):
        return {name: _without_null_properties(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_null_properties(inner) for inner in value]
    return value
