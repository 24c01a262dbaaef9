"""Rows that Athena reads from lines of JSON, as the OpenX SerDe reads them.

https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Table: TypeAlias = Mapping[str, Any]
Row: TypeAlias = dict[str, Any]

LIBRARY = "org.openx.data.jsonserde.JsonSerDe"
TEXT_TYPES = ("string", "varchar", "char")


@dataclass(frozen=True)
class JsonSerDe:
    """How lines become rows: ``mapping`` has the key in the line for columns that are called otherwise."""

    columns: Mapping[str, str]
    mapping: Mapping[str, str]
    small_letters: bool
    ignores_malformed: bool

    @classmethod
    def of(cls, table: Table) -> JsonSerDe | None:
        """The SerDe of the table, if it has this one."""
        storage = table.get("StorageDescriptor") or {}
        serde = storage.get("SerdeInfo") or {}
        if serde.get("SerializationLibrary") != LIBRARY:
            return None
        parameters: Mapping[str, str] = serde.get("Parameters") or {}
        return cls(
            columns={
                column["Name"]: str(column.get("Type", "string")) for column in storage.get("Columns") or []
            },
            mapping={
                name.removeprefix("mapping."): key
                for name, key in parameters.items()
                if name.startswith("mapping.")
            },
            small_letters=parameters.get("case.insensitive", "TRUE").upper() != "FALSE",
            ignores_malformed=parameters.get("ignore.malformed.json", "FALSE").upper() == "TRUE",
        )

    def read(self, line: str) -> Row:
        """The row of a line.

        Raises:
            ValueError: the line is no JSON object, and the table does not ignore that.
        """
        try:
            document = json.loads(line)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            if not self.ignores_malformed:
                raise ValueError("HIVE_CURSOR_ERROR: Row is not a valid JSON Object")
            document = {}
        if self.small_letters:
            document = with_small_keys(document)
        return {
            name: as_column(document.get(self.mapping.get(name, name)), kind)
            for name, kind in self.columns.items()
        }


def with_small_keys(value: Any) -> Any:
    """The same with keys in small letters, all the way down."""
    if isinstance(value, dict):
        return {key.lower(): with_small_keys(each) for key, each in value.items()}
    return [with_small_keys(each) for each in value] if isinstance(value, list) else value


def as_column(value: Any, kind: str) -> Any:
    """A value for a column of this type; a column of text holds anything else as JSON."""
    if value is None or isinstance(value, str) or not kind.lower().startswith(TEXT_TYPES):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
