"""The message classes agree with Terraform's plugin protocol, name by name and byte by byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from gcbridge.sandbox.provider.messages import all_messages, message, message_class

# Number, name and type of every field used, as the public description of protocol 6 has them. A type with []
# is repeated, "string -> X" is a map, and of the fields behind the same "|" only one is set.
PROTOCOL = {
    "ApplyResourceChange.Request": [
        (1, "type_name", "string"),
        (2, "prior_state", "DynamicValue"),
        (3, "planned_state", "DynamicValue"),
        (5, "planned_private", "bytes"),
    ],
    "ApplyResourceChange.Response": [
        (1, "new_state", "DynamicValue"),
        (2, "private", "bytes"),
        (3, "diagnostics", "Diagnostic[]"),
        (4, "legacy_type_system", "bool"),
    ],
    "AttributePath": [
        (1, "steps", "AttributePath.Step[]"),
    ],
    "AttributePath.Step": [
        (1, "attribute_name", "string | selector"),
        (3, "element_key_int", "int64 | selector"),
    ],
    "ConfigureProvider.Request": [
        (2, "config", "DynamicValue"),
    ],
    "ConfigureProvider.Response": [
        (1, "diagnostics", "Diagnostic[]"),
    ],
    "Diagnostic": [
        (1, "severity", "Diagnostic.Severity"),
        (2, "summary", "string"),
        (3, "detail", "string"),
        (4, "attribute", "AttributePath"),
    ],
    "DynamicValue": [
        (1, "msgpack", "bytes"),
        (2, "json", "bytes"),
    ],
    "GetFunctions.Request": [],
    "GetFunctions.Response": [],
    "GetMetadata.DataSourceMetadata": [
        (1, "type_name", "string"),
    ],
    "GetMetadata.Request": [],
    "GetMetadata.ResourceMetadata": [
        (1, "type_name", "string"),
    ],
    "GetMetadata.Response": [
        (1, "server_capabilities", "ServerCapabilities"),
        (3, "data_sources", "GetMetadata.DataSourceMetadata[]"),
        (4, "resources", "GetMetadata.ResourceMetadata[]"),
    ],
    "GetProviderSchema.Request": [],
    "GetProviderSchema.Response": [
        (1, "provider", "Schema"),
        (2, "resource_schemas", "string -> Schema"),
        (3, "data_source_schemas", "string -> Schema"),
        (6, "server_capabilities", "ServerCapabilities"),
    ],
    "ImportResourceState.ImportedResource": [
        (1, "type_name", "string"),
        (2, "state", "DynamicValue"),
    ],
    "ImportResourceState.Request": [
        (1, "type_name", "string"),
        (2, "id", "string"),
    ],
    "ImportResourceState.Response": [
        (1, "imported_resources", "ImportResourceState.ImportedResource[]"),
        (2, "diagnostics", "Diagnostic[]"),
    ],
    "PlanResourceChange.Request": [
        (1, "type_name", "string"),
        (2, "prior_state", "DynamicValue"),
        (3, "proposed_new_state", "DynamicValue"),
        (5, "prior_private", "bytes"),
    ],
    "PlanResourceChange.Response": [
        (1, "planned_state", "DynamicValue"),
        (2, "requires_replace", "AttributePath[]"),
        (3, "planned_private", "bytes"),
        (4, "diagnostics", "Diagnostic[]"),
        (5, "legacy_type_system", "bool"),
    ],
    "RawState": [
        (1, "json", "bytes"),
    ],
    "ReadDataSource.Request": [
        (1, "type_name", "string"),
        (2, "config", "DynamicValue"),
    ],
    "ReadDataSource.Response": [
        (1, "state", "DynamicValue"),
        (2, "diagnostics", "Diagnostic[]"),
    ],
    "ReadResource.Request": [
        (1, "type_name", "string"),
        (2, "current_state", "DynamicValue"),
        (3, "private", "bytes"),
    ],
    "ReadResource.Response": [
        (1, "new_state", "DynamicValue"),
        (2, "diagnostics", "Diagnostic[]"),
        (3, "private", "bytes"),
    ],
    "Schema": [
        (1, "version", "int64"),
        (2, "block", "Schema.Block"),
    ],
    "Schema.Attribute": [
        (1, "name", "string"),
        (2, "type", "bytes"),
        (3, "description", "string"),
        (4, "required", "bool"),
        (5, "optional", "bool"),
        (6, "computed", "bool"),
        (7, "sensitive", "bool"),
    ],
    "Schema.Block": [
        (2, "attributes", "Schema.Attribute[]"),
        (3, "block_types", "Schema.NestedBlock[]"),
    ],
    "Schema.NestedBlock": [
        (1, "type_name", "string"),
        (2, "block", "Schema.Block"),
        (3, "nesting", "Schema.NestedBlock.NestingMode"),
        (4, "min_items", "int64"),
        (5, "max_items", "int64"),
    ],
    "ServerCapabilities": [
        (2, "get_provider_schema_optional", "bool"),
    ],
    "StopProvider.Request": [],
    "StopProvider.Response": [],
    "UpgradeResourceState.Request": [
        (1, "type_name", "string"),
        (3, "raw_state", "RawState"),
    ],
    "UpgradeResourceState.Response": [
        (1, "upgraded_state", "DynamicValue"),
        (2, "diagnostics", "Diagnostic[]"),
    ],
    "ValidateDataResourceConfig.Request": [
        (1, "type_name", "string"),
        (2, "config", "DynamicValue"),
    ],
    "ValidateDataResourceConfig.Response": [
        (1, "diagnostics", "Diagnostic[]"),
    ],
    "ValidateProviderConfig.Request": [
        (1, "config", "DynamicValue"),
    ],
    "ValidateProviderConfig.Response": [
        (2, "diagnostics", "Diagnostic[]"),
    ],
    "ValidateResourceConfig.Request": [
        (1, "type_name", "string"),
        (2, "config", "DynamicValue"),
    ],
    "ValidateResourceConfig.Response": [
        (1, "diagnostics", "Diagnostic[]"),
    ],
}

ENUMS = [
    ("Diagnostic", "Severity", ["INVALID", "ERROR", "WARNING"]),
    ("Schema.NestedBlock", "NestingMode", ["INVALID", "SINGLE", "LIST", "SET", "MAP", "GROUP"]),
]


def short_name(described: Any) -> str:
    """A message's or enum's name without its package."""
    return str(described.full_name).removeprefix("tfplugin6.")


def type_of(field: Any) -> str:
    """A field's type in the words of the table above."""
    if field.enum_type:
        return short_name(field.enum_type)
    if not field.message_type:
        names = {field.TYPE_BYTES: "bytes", field.TYPE_STRING: "string", field.TYPE_INT64: "int64"}
        choice = f" | {field.containing_oneof.name}" if field.containing_oneof else ""
        return names.get(field.type, "bool" if field.type == field.TYPE_BOOL else "?") + choice
    if field.message_type.GetOptions().map_entry:
        key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
        return f"{type_of(key)} -> {type_of(value)}"
    repeated = isinstance(getattr(message_class(short_name(field.containing_type))(), field.name), Sequence)
    return short_name(field.message_type) + ("[]" if repeated else "")


def test_every_message_is_in_the_table() -> None:
    """A message that is added to the stand-in is added to the facts as well."""
    assert {name for name, _ in all_messages()} == set(PROTOCOL)


@pytest.mark.parametrize("name", PROTOCOL)
def test_fields_have_the_protocol_s_numbers_and_types(name: str) -> None:
    """What a class says about itself is what the protocol says."""
    described = message_class(name).DESCRIPTOR
    assert described.full_name == f"tfplugin6.{name}"
    assert [(field.number, field.name, type_of(field)) for field in described.fields] == PROTOCOL[name]


@pytest.mark.parametrize(("owner", "name", "values"), ENUMS)
def test_enums_count_from_zero(owner: str, name: str, values: list[str]) -> None:
    """The position of a value is its number."""
    enum = message_class(owner).DESCRIPTOR.enum_types_by_name[name]
    assert [(value.number, value.name) for value in enum.values] == list(enumerate(values))


# Each byte string is written by hand: tag (number * 8 + wire type: 0 for a number, 2 for a length), then the value.
WIRE = [
    (message("DynamicValue", msgpack=b"\xc0"), b"\x0a\x01\xc0"),
    (message("Diagnostic", severity="ERROR", summary="no"), b"\x08\x01\x12\x02no"),
    (
        message("AttributePath", steps=[message("AttributePath.Step", attribute_name="a")]),
        b"\x0a\x03\x0a\x01a",
    ),
    (message("AttributePath", steps=[message("AttributePath.Step", element_key_int=0)]), b"\x0a\x02\x18\x00"),
    (message("Schema.Attribute", name="a", type=b"t", computed=True), b"\x0a\x01a\x12\x01t\x30\x01"),
    (message("Schema.NestedBlock", type_name="b", nesting="SET"), b"\x0a\x01b\x18\x03"),
    (
        message("GetProviderSchema.Response", resource_schemas={"r": message("Schema", version=1)}),
        b"\x12\x07\x0a\x01r\x12\x02\x08\x01",
    ),
    (message("ApplyResourceChange.Response", legacy_type_system=True), b"\x20\x01"),
    (message("PlanResourceChange.Response", legacy_type_system=True), b"\x28\x01"),
]


@pytest.mark.parametrize(("built", "expected"), WIRE, ids=lambda value: type(value).__name__)
def test_bytes_on_the_wire(built: Any, expected: bytes) -> None:
    """Terraform reads these bytes; the index 0 of a path is among them, a field left alone is not."""
    assert built.SerializeToString() == expected
    assert type(built).FromString(expected) == built


def test_field_of_a_newer_protocol_is_skipped() -> None:
    """Terraform may send what the stand-in has never heard of."""
    newer = b"\x0a\x01r" + b"\xba\x06\x03new"
    assert message_class("ReadResource.Request").FromString(newer).type_name == "r"


def test_misspelt_message_and_field_are_errors() -> None:
    """The classes have no attributes a type checker could miss, so the names are checked when they are used."""
    with pytest.raises(KeyError):
        message("Shema")
    with pytest.raises(ValueError, match="verzion"):
        message("Schema", verzion=1)
