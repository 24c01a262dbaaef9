"""Partition projection of Athena: which objects a table reads, and the partition that each belongs to.

https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

Table: TypeAlias = Mapping[str, Any]
Values: TypeAlias = dict[str, str]

# Java's DateTimeFormatter, as far as partitions use it.
JAVA_TO_PYTHON = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M"}
RELATIVE = re.compile(r"NOW(?:([+-]\d+)(HOUR|DAY|WEEK)S?)?")
UNITS = {"HOUR": timedelta(hours=1), "DAY": timedelta(days=1), "WEEK": timedelta(weeks=1)}
FOLDER = re.compile(r"([^/=]+)=([^/]*)/")


def python_format(pattern: str) -> str:
    """The format of ``strptime`` for a pattern of Java's."""
    for java, python in JAVA_TO_PYTHON.items():
        pattern = pattern.replace(java, python)
    return pattern.replace("'", "")


def read_bound(text: str, pattern: str, now: datetime) -> datetime:
    """One end of a range of dates.

    Raises:
        ValueError: it is of another form.
    """
    found = RELATIVE.fullmatch(text.replace(" ", ""))
    if not found:
        return datetime.strptime(text, pattern)  # noqa: DTZ007  # partitions have no zone
    return now + int(found[1]) * UNITS[found[2]] if found[1] else now


@dataclass(frozen=True)
class Projection:
    """How one partition key is projected; ``settings`` are those of the key, without their prefix."""

    settings: Mapping[str, str]

    def covers(self, value: str, now: datetime) -> bool:
        """Whether a query can see a partition of this value.

        Raises:
            ValueError: a range or a format is of a form that is not emulated.
        """
        kind, (low, _, high) = self.settings.get("type", ""), self.settings.get("range", "").partition(",")
        if kind == "enum":
            return value in self.settings.get("values", "").split(",")
        if kind == "integer":
            digits = int(self.settings.get("digits", 0))
            return value.isdigit() and len(value) >= digits and int(low) <= int(value) <= int(high)
        if kind == "date":
            pattern = python_format(self.settings["format"])
            bounds = [read_bound(text, pattern, now) for text in (low, high)]
            try:
                return bounds[0] <= datetime.strptime(value, pattern) <= bounds[1]  # noqa: DTZ007
            except ValueError:
                return False
        return kind == "injected"


def projections(table: Table) -> dict[str, Projection]:
    """The projection of each partition key; empty where the table has none."""
    parameters: Mapping[str, str] = table.get("Parameters") or {}
    if parameters.get("projection.enabled", "").lower() != "true":
        return {}
    return {
        key["Name"]: Projection(
            {
                name.removeprefix(f"projection.{key['Name']}."): value
                for name, value in parameters.items()
                if name.startswith(f"projection.{key['Name']}.")
            }
        )
        for key in table.get("PartitionKeys") or []
    }


def template_pattern(table: Table) -> re.Pattern[str]:
    """What matches a key below the table's location, with a group for each partition key."""
    location = str(table["StorageDescriptor"]["Location"]).rstrip("/") + "/"
    usual = location + "".join(
        f"{key['Name']}=${{{key['Name']}}}/" for key in table.get("PartitionKeys") or []
    )
    template = (table.get("Parameters") or {}).get("storage.location.template", usual).rstrip("/") + "/"
    parts = re.split(r"\$\{(\w+)\}", template.removeprefix(location))
    text = "".join(
        f"(?P<{part}>[^/]+)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    return re.compile(text + ".*")


def partition_of(table: Table, key: str, now: datetime | None = None) -> Values | None:
    """The partition of an object, by its key below the table's location; None if the table does not read it.

    Without projection every object is read. In AWS a partition has to be added first.
    """
    projected = projections(table)
    if not projected:
        return dict(FOLDER.findall(key))
    found = template_pattern(table).fullmatch(key)
    moment = now or datetime.now(timezone.utc).replace(tzinfo=None)
    if not found or not all(each.covers(found[name], moment) for name, each in projected.items()):
        return None
    return found.groupdict()
