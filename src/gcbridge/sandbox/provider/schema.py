"""A small declarative description of provider schemas, and its translation into the protocol's messages."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gcbridge.sandbox.provider.messages import Message, message
from gcbridge.sandbox.provider.wire import Value

CtyType = str | list[object]
"""A Terraform type constraint in its JSON form: "string", ["map", "string"], ["list", ["object", {...}]]."""

Check = Callable[[str, Value], str | None]
"""Takes the attribute's dotted name and a known value; says what is wrong with it, or None."""

STRING = "string"
NUMBER = "number"
BOOL = "bool"
MAP_OF_STRINGS: CtyType = ["map", "string"]


class Nesting(enum.Enum):
    """How often a nested block may occur."""

    LIST = "LIST"
    SET = "SET"


@dataclass(frozen=True)
class Attribute:
    """One attribute as terraform-plugin-sdk v2 knows it: its type, its flags and its plan behaviour."""

    type: CtyType
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    force_new: bool = False
    json_equivalent: bool = False
    default: Value = None
    environment: str = ""
    max_items: int = 0
    checks: tuple[Check, ...] = ()
    elements: Mapping[str, Attribute] = field(default_factory=dict)
    """The attributes of each element when this is a list of objects written as blocks."""


@dataclass(frozen=True)
class Block:
    """A body of attributes and nested blocks: a provider, resource or data source, or a block inside one."""

    attributes: Mapping[str, Attribute]
    blocks: Mapping[str, NestedBlock] = field(default_factory=dict)


@dataclass(frozen=True)
class NestedBlock:
    """A block inside a body, with how often it may occur; 0 for `max_items` means any number."""

    nesting: Nesting
    body: Block
    min_items: int = 0
    max_items: int = 0


IMPLICIT_ID = Attribute(STRING, optional=True, computed=True)
"""terraform-plugin-sdk v2 adds this `id` to every resource and data source."""


def list_of_blocks(elements: Mapping[str, Attribute], max_items: int = 0) -> Attribute:
    """An Optional+Computed list of blocks; terraform-plugin-sdk v2 exports it as a list(object) attribute."""
    object_type = ["object", {name: attribute.type for name, attribute in elements.items()}]
    return Attribute(
        ["list", object_type], optional=True, computed=True, max_items=max_items, elements=elements
    )


def schema_message(body: Block, version: int = 0) -> Message:
    """The schema as Terraform asks for it."""
    return message("Schema", version=version, block=_block_message(body))


def _block_message(body: Block) -> Message:
    return message(
        "Schema.Block",
        attributes=[
            _attribute_message(name, attribute) for name, attribute in sorted(body.attributes.items())
        ],
        block_types=[_nested_message(name, nested) for name, nested in sorted(body.blocks.items())],
    )


def _attribute_message(name: str, attribute: Attribute) -> Message:
    return message(
        "Schema.Attribute",
        name=name,
        type=json.dumps(attribute.type).encode(),
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
        description=_description(attribute),
    )


def _description(attribute: Attribute) -> str:
    return (
        f"Can be set with the {attribute.environment} environment variable." if attribute.environment else ""
    )


def _nested_message(name: str, nested: NestedBlock) -> Message:
    return message(
        "Schema.NestedBlock",
        type_name=name,
        block=_block_message(nested.body),
        nesting=nested.nesting.value,
        min_items=nested.min_items,
        max_items=nested.max_items,
    )
