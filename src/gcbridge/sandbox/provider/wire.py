"""Terraform's values on the wire: MessagePack or JSON, with one marker for every unknown value."""

from __future__ import annotations

import enum
import json
from typing import Any

import msgpack

from gcbridge.sandbox.provider.messages import Message, message

Value = Any
"""What a Terraform value becomes: None, str, bool, int, float, list, dict, or UNKNOWN at any depth."""


class _Unknown(enum.Enum):
    UNKNOWN = "(known after apply)"


UNKNOWN = _Unknown.UNKNOWN


def decode(sent: Message) -> Value:
    """Terraform's DynamicValue as Python values; a refined unknown counts as unknown."""
    if sent.msgpack:
        return msgpack.unpackb(sent.msgpack, ext_hook=_decode_extension, strict_map_key=False)
    return json.loads(sent.json) if sent.json else None


def encode(value: Value) -> Message:
    """Python values as the DynamicValue Terraform reads, UNKNOWN included."""
    return message("DynamicValue", msgpack=msgpack.packb(value, default=_encode_unknown))


def without_unknowns(value: Value) -> Value:
    """The same value with null wherever something was still unknown."""
    if value is UNKNOWN:
        return None
    if isinstance(value, dict):
        return {name: without_unknowns(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_unknowns(inner) for inner in value]
    return value


def _decode_extension(_code: int, _data: bytes) -> Value:
    # Extension 0 is an unknown value, 12 one with refinements such as "not null" (Terraform >= 1.6).
    return UNKNOWN


def _encode_unknown(value: object) -> msgpack.ExtType:
    if value is UNKNOWN:
        return msgpack.ExtType(0, b"\0")
    raise TypeError(f"a value of type {type(value).__name__} cannot be sent to Terraform")
