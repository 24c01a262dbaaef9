"""The messages of Terraform's plugin protocol 6, as far as the stand-in reads or writes them.

Names, numbers and types are the public protocol's (developer.hashicorp.com/terraform/plugin/
terraform-plugin-protocol, version 6.0 to 6.x, in which a number never changes its meaning). A field that is not
here is skipped when it arrives, and absent, so zero, when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PACKAGE = "tfplugin6"
SERVICE = f"{PACKAGE}.Provider"


@dataclass(frozen=True)
class Field:
    """One field: its number on the wire, and "bytes", "string", "int64", "bool" or the name of a message or enum."""

    number: int
    type: str
    repeated: bool = False
    keyed: bool = False
    """A map from strings to `type`."""
    choice: str = ""
    """The group of fields of which only one is set; it is sent even when it is zero, as the index 0 of a path."""


def _many(number: int, type_name: str) -> Field:
    return Field(number, type_name, repeated=True)


ENUMS: Mapping[str, tuple[str, ...]] = {
    "Diagnostic.Severity": ("INVALID", "ERROR", "WARNING"),
    "Schema.NestedBlock.NestingMode": ("INVALID", "SINGLE", "LIST", "SET", "MAP", "GROUP"),
}
"""The values of each enum, numbered from 0."""

VALUES: Mapping[str, Mapping[str, Field]] = {
    "DynamicValue": {"msgpack": Field(1, "bytes"), "json": Field(2, "bytes")},
    "RawState": {"json": Field(1, "bytes")},
    "Diagnostic": {
        "severity": Field(1, "Diagnostic.Severity"),
        "summary": Field(2, "string"),
        "detail": Field(3, "string"),
        "attribute": Field(4, "AttributePath"),
    },
    "AttributePath": {"steps": _many(1, "AttributePath.Step")},
    "AttributePath.Step": {
        "attribute_name": Field(1, "string", choice="selector"),
        "element_key_int": Field(3, "int64", choice="selector"),
    },
    "ServerCapabilities": {"get_provider_schema_optional": Field(2, "bool")},
}
"""What several calls carry."""

SCHEMAS: Mapping[str, Mapping[str, Field]] = {
    "Schema": {"version": Field(1, "int64"), "block": Field(2, "Schema.Block")},
    "Schema.Block": {
        "attributes": _many(2, "Schema.Attribute"),
        "block_types": _many(3, "Schema.NestedBlock"),
    },
    "Schema.Attribute": {
        "name": Field(1, "string"),
        "type": Field(2, "bytes"),
        "description": Field(3, "string"),
        "required": Field(4, "bool"),
        "optional": Field(5, "bool"),
        "computed": Field(6, "bool"),
        "sensitive": Field(7, "bool"),
    },
    "Schema.NestedBlock": {
        "type_name": Field(1, "string"),
        "block": Field(2, "Schema.Block"),
        "nesting": Field(3, "Schema.NestedBlock.NestingMode"),
        "min_items": Field(4, "int64"),
        "max_items": Field(5, "int64"),
    },
}
"""Provider, resources and data sources as they describe themselves."""

_TYPE_NAME = {"type_name": Field(1, "string")}
_TYPE_AND_CONFIG = {**_TYPE_NAME, "config": Field(2, "DynamicValue")}
_ONLY_DIAGNOSTICS = {"diagnostics": _many(1, "Diagnostic")}

CALLS: Mapping[str, Mapping[str, Mapping[str, Field]]] = {
    "GetMetadata": {
        "Request": {},
        "Response": {
            "server_capabilities": Field(1, "ServerCapabilities"),
            "data_sources": _many(3, "GetMetadata.DataSourceMetadata"),
            "resources": _many(4, "GetMetadata.ResourceMetadata"),
        },
        "DataSourceMetadata": _TYPE_NAME,
        "ResourceMetadata": _TYPE_NAME,
    },
    "GetProviderSchema": {
        "Request": {},
        "Response": {
            "provider": Field(1, "Schema"),
            "resource_schemas": Field(2, "Schema", keyed=True),
            "data_source_schemas": Field(3, "Schema", keyed=True),
            "server_capabilities": Field(6, "ServerCapabilities"),
        },
    },
    "ValidateProviderConfig": {
        "Request": {"config": Field(1, "DynamicValue")},
        "Response": {"diagnostics": _many(2, "Diagnostic")},
    },
    "ValidateResourceConfig": {"Request": _TYPE_AND_CONFIG, "Response": _ONLY_DIAGNOSTICS},
    "ValidateDataResourceConfig": {"Request": _TYPE_AND_CONFIG, "Response": _ONLY_DIAGNOSTICS},
    "ConfigureProvider": {
        "Request": {"config": Field(2, "DynamicValue")},
        "Response": _ONLY_DIAGNOSTICS,
    },
    "UpgradeResourceState": {
        "Request": {**_TYPE_NAME, "raw_state": Field(3, "RawState")},
        "Response": {"upgraded_state": Field(1, "DynamicValue"), "diagnostics": _many(2, "Diagnostic")},
    },
    "ReadResource": {
        "Request": {**_TYPE_NAME, "current_state": Field(2, "DynamicValue"), "private": Field(3, "bytes")},
        "Response": {
            "new_state": Field(1, "DynamicValue"),
            "diagnostics": _many(2, "Diagnostic"),
            "private": Field(3, "bytes"),
        },
    },
    "PlanResourceChange": {
        "Request": {
            **_TYPE_NAME,
            "prior_state": Field(2, "DynamicValue"),
            "proposed_new_state": Field(3, "DynamicValue"),
            "prior_private": Field(5, "bytes"),
        },
        "Response": {
            "planned_state": Field(1, "DynamicValue"),
            "requires_replace": _many(2, "AttributePath"),
            "planned_private": Field(3, "bytes"),
            "diagnostics": _many(4, "Diagnostic"),
            "legacy_type_system": Field(5, "bool"),
        },
    },
    "ApplyResourceChange": {
        "Request": {
            **_TYPE_NAME,
            "prior_state": Field(2, "DynamicValue"),
            "planned_state": Field(3, "DynamicValue"),
            "planned_private": Field(5, "bytes"),
        },
        "Response": {
            "new_state": Field(1, "DynamicValue"),
            "private": Field(2, "bytes"),
            "diagnostics": _many(3, "Diagnostic"),
            "legacy_type_system": Field(4, "bool"),
        },
    },
    "ImportResourceState": {
        "Request": {**_TYPE_NAME, "id": Field(2, "string")},
        "Response": {
            "imported_resources": _many(1, "ImportResourceState.ImportedResource"),
            "diagnostics": _many(2, "Diagnostic"),
        },
        "ImportedResource": {**_TYPE_NAME, "state": Field(2, "DynamicValue")},
    },
    "ReadDataSource": {
        "Request": _TYPE_AND_CONFIG,
        "Response": {"state": Field(1, "DynamicValue"), "diagnostics": _many(2, "Diagnostic")},
    },
    "GetFunctions": {"Request": {}, "Response": {}},
    "StopProvider": {"Request": {}, "Response": {}},
}
"""The calls of the service: each takes the message Request inside the message of its own name, and answers Response."""
