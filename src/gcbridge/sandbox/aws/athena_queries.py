"""Queries of Athena: Trino's SQL over lines of JSON in S3, answered by DuckDB.

ministack hands the SQL to DuckDB as it is, and lets that guess what the lines hold. Import this module
only when Athena is asked: DuckDB takes a second to load.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import sqlglot
from ministack.services import athena, firehose

from gcbridge.sandbox.aws.athena_partitions import partition_of
from gcbridge.sandbox.aws.athena_rows import JsonSerDe, Row

Table: TypeAlias = dict[str, Any]

# ministack copies the objects of a table here, each under its key below the table's location.
COPIES = re.compile(r"^(.*/ministack-athena-[^/]+)/(.*)$")
WHOLE_NUMBERS = ("tinyint", "smallint", "int", "integer", "bigint")
ROWS_FILE = ".rows.json"


def as_duckdb(query: str) -> str:
    """A statement of Trino's SQL in DuckDB's.

    Raises:
        ValueError: it can't be parsed.
    """
    return sqlglot.transpile(query, read="athena", write="duckdb")[0]


def run_query(original: Callable[..., Any], query: str, database: str, catalog: str | None = None) -> Any:
    """Run a query; what is returned has to be awaited."""
    return original(as_duckdb(query), database, catalog)


def refuse_to_invent(query: str) -> Any:
    """ministack makes results up where DuckDB is not installed.

    Raises:
        ValueError: always; the query fails with that.
    """
    raise ValueError(f"The sandbox needs the Python package duckdb to answer: {query[:80]}")


def read_lines(path: Path) -> Iterator[str]:
    """The lines of an object that are not empty."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from filter(str.strip, text.decode().splitlines())


def typed_partition(table: Table, partition: Mapping[str, str]) -> Row:
    """A partition's values, each in the type of its key."""
    kinds = {key["Name"]: str(key.get("Type", "string")) for key in table.get("PartitionKeys") or []}
    return {
        name: int(partition[name]) if kind in WHOLE_NUMBERS else partition[name]
        for name, kind in kinds.items()
        if name in partition
    }


def read_table(table: Table, serde: JsonSerDe, files: list[str]) -> Iterator[Row]:
    """The rows of a table, with their partition.

    Raises:
        ValueError: an object holds what the table can't read.
    """
    for path in files:
        found = COPIES.match(path)
        partition = partition_of(table, found[2] if found else Path(path).name)
        if partition is not None:
            typed = typed_partition(table, partition)
            yield from ({**serde.read(line), **typed} for line in read_lines(Path(path)))


def column_types(table: Table) -> Mapping[str, str]:
    """DuckDB's type of each column, and of each partition key."""
    columns = [*(table["StorageDescriptor"].get("Columns") or []), *(table.get("PartitionKeys") or [])]
    return {each["Name"]: firehose._hive_to_duckdb_type(str(each.get("Type", "string"))) for each in columns}


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def table_relation(original: Callable[..., str], table_data: Table, files: list[str]) -> str:
    """What stands in place of the table in a query."""
    serde = JsonSerDe.of(table_data)
    if serde is None or not files:
        return original(table_data, files)
    found = COPIES.match(files[0])
    target = Path(found[1] if found else Path(files[0]).parent) / f"{table_data['Name']}{ROWS_FILE}"
    rows = [json.dumps(row) + "\n" for row in read_table(table_data, serde, files)]
    if not rows:
        empty: str = athena._empty_relation(table_data)
        return empty
    target.write_text("".join(rows))
    types = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in column_types(table_data).items())
    return f"read_json({quoted(str(target))}, format = 'newline_delimited', columns = {{{types}}})"


CALLS: Mapping[str, tuple[str, Callable[..., Any], bool]] = {
    "_run_duckdb": ("(query, database, catalog=None)", run_query, True),
    "_table_relation": ("(table_data, files)", table_relation, True),
    "_mock_query_results": ("(query)", refuse_to_invent, False),
}
"""By the name of ministack's function: its signature, what replaces it, and whether that wraps it."""
