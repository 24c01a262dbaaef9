"""Message classes, made at import from the tables of `protocol`: no generated code that wants its own protobuf."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from gcbridge.sandbox.provider.protocol import CALLS, ENUMS, PACKAGE, SCHEMAS, VALUES, Field

Message: TypeAlias = Any
"""A message of the protocol. Its class is made at run time, so a type checker knows nothing of its fields."""

_Proto = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "bytes": _Proto.TYPE_BYTES,
    "string": _Proto.TYPE_STRING,
    "int64": _Proto.TYPE_INT64,
    "bool": _Proto.TYPE_BOOL,
}


def message(name: str, /, **fields: Any) -> Message:
    """A message such as "Schema.Block" with these fields; raises KeyError or ValueError for an unknown name."""
    return message_class(name)(**fields)


@functools.cache
def message_class(name: str) -> Any:
    """The class of a message such as "ReadResource.Request"; raises KeyError for one that `protocol` lacks."""
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.{name}"))


def all_messages() -> Iterator[tuple[str, Mapping[str, Field]]]:
    """Every message's full name with its fields by name."""
    yield from VALUES.items()
    yield from SCHEMAS.items()
    for call, messages in CALLS.items():
        for name, fields in messages.items():
            yield f"{call}.{name}", fields


def _make_pool() -> Any:
    # A pool of its own: the default one refuses a second description of the same package.
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(_describe_file().SerializeToString())
    return pool


def _describe_file() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name=f"{PACKAGE}.proto", package=PACKAGE, syntax="proto3")
    for name, fields in all_messages():
        described = _find_or_add(file, name)
        for field_name, field in fields.items():
            _add_field(described, name, field_name, field)
    for name, values in ENUMS.items():
        owner, _, own_name = name.rpartition(".")
        numbered = [{"name": value, "number": number} for number, value in enumerate(values)]
        _find_or_add(file, owner).enum_type.add(name=own_name, value=numbered)
    return file


def _find_or_add(file: Any, name: str) -> Any:
    """The description of a message, added together with the messages around it when it is new."""
    owner, _, own_name = name.rpartition(".")
    siblings = _find_or_add(file, owner).nested_type if owner else file.message_type
    return next((one for one in siblings if one.name == own_name), None) or siblings.add(name=own_name)


def _add_field(described: Any, owner: str, name: str, field: Field) -> None:
    type_name = f"{owner}.{_add_map_entry(described, name, field)}" if field.keyed else field.type
    label = _Proto.LABEL_REPEATED if field.repeated or field.keyed else _Proto.LABEL_OPTIONAL
    added = described.field.add(name=name, number=field.number, label=label, **_type_of(type_name))
    if field.choice:
        added.oneof_index = _choice_index(described, field.choice)


def _type_of(name: str) -> dict[str, Any]:
    if name in _SCALARS:
        return {"type": _SCALARS[name]}
    kind = _Proto.TYPE_ENUM if name in ENUMS else _Proto.TYPE_MESSAGE
    return {"type": kind, "type_name": f".{PACKAGE}.{name}"}


def _add_map_entry(described: Any, name: str, field: Field) -> str:
    # A map is a repeated message with key 1 and value 2, named after the field in CamelCase.
    entry = described.nested_type.add(name=f"{name.title().replace('_', '')}Entry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, label=_Proto.LABEL_OPTIONAL, **_type_of("string"))
    entry.field.add(name="value", number=2, label=_Proto.LABEL_OPTIONAL, **_type_of(field.type))
    return str(entry.name)


def _choice_index(described: Any, choice: str) -> int:
    names = [one.name for one in described.oneof_decl]
    if choice not in names:
        described.oneof_decl.add(name=choice)
        return len(names)
    return names.index(choice)


_POOL = _make_pool()
