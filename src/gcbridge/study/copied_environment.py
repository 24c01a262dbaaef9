"""What cannot be taken over from another environment: explicit names, and what exists in its account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gcbridge.model.origin import KeyPath, dotted

OWN_NAMES = frozenset(
    {
        "bucket_name",
        "event_bus_name",
        "function_name",
        "integration_name",
        "log_group_name",
        "queue_name",
        "state_machine_name",
        "stream_name",
        "table_name",
        "topic_name",
    }
)
NAMED_SECTIONS = frozenset({"archive", "triggers", "flows"})
"""Sections in which a plain `name` is one that a cloud knows."""

STATE_KEY = "key_prefix"
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(?P<account>[0-9]{12}):\S+")


@dataclass(frozen=True, slots=True)
class Collision:
    """Something that two environments would both mean.

    Args:
        path: where it stands.
        value: what stands there.
        why: what is wrong with it, as the end of a sentence.
        refused: whether it cannot work at all.
    """

    path: KeyPath
    value: str
    why: str
    refused: bool = False

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.value} {self.why}"


def collisions(other: Mapping[str, Any], new: Mapping[str, Any], account_id: str | None) -> list[Collision]:
    """What a new environment has in common with the one that it was made from, and should not have.

    Args:
        other: values of the environment that it was made from.
        new: values of the new one.
        account_id: account of the new one, where it is known.
    """
    before = dict(_texts(other, ()))
    same = [
        (path, value) for path, value in _texts(new, ()) if before.get(path) == value and path[0] != "tests"
    ]
    found = (
        _collision(path, value, new, account_id) or _in_genesys(path, value, _organizations(other, new))
        for path, value in same
    )
    return [collision for collision in found if collision]


def _texts(node: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _texts(child, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _texts(child, (*path, index))
    elif isinstance(node, str):
        yield path, node


def _organizations(*environments: Mapping[str, Any]) -> set[str | None]:
    return {(one.get("genesys") or {}).get("org_id") for one in environments}


def _in_genesys(path: KeyPath, value: str, organizations: set[str | None]) -> Collision | None:
    """Nothing is said where an organization is not known."""
    if None in organizations or path == ("genesys", "org_id"):
        return None
    if len(organizations) > 1 and _ID.fullmatch(value):
        return Collision(path, value, "looks like an id of the other organization")
    if len(organizations) == 1 and path[0] == "flows" and path[-1] == "file":
        return Collision(path, value, "is the other environment's workflow too, in the same organization")
    return None


def _collision(path: KeyPath, value: str, new: Mapping[str, Any], account_id: str | None) -> Collision | None:
    arn = _ARN.fullmatch(value)
    if arn and account_id and arn["account"] != account_id:
        return Collision(path, value, f"is in account {arn['account']}, not in {account_id}")
    if path[-1] == "bucket_name" and _creates_bucket(path, new):
        return Collision(path, value, "exists: a bucket's name is unique in the world", refused=True)
    if _is_name(path):
        return Collision(path, value, "is the other environment's name too")
    if path[-1] == STATE_KEY:
        return Collision(path, value, "holds the other environment's state too, below a key of its own")
    return None


def _is_name(path: KeyPath) -> bool:
    return path[-1] in OWN_NAMES or (path[-1] == "name" and path[0] in NAMED_SECTIONS)


def _creates_bucket(path: KeyPath, new: Mapping[str, Any]) -> bool:
    holder: Any = new
    for part in path[:-1]:
        holder = holder[part]
    return bool(holder.get("create_bucket", True))
