"""Adds values to an environment file that a person wrote, as text: every comment, blank line and quote in it stays."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from gcbridge.atomic import write_atomically
from gcbridge.errors import UsageError
from gcbridge.model.origin import nearest_origin
from gcbridge.workspace.environment_file import flatten_yaml, load_yaml

NO_VALUE = re.compile(r"[^:#]+:(?:\s+(?:~|null|Null|NULL))?(?P<comment>\s+#.*)?\s*")
"""The rest of a line from a key on, where the key has no value."""


def add_values(path: Path, additions: dict[tuple[str, str], str]) -> None:
    """Add values to an environment file as text, so that every comment, blank line and quote in it stays.

    Args:
        path: the environment file; where it is a link, the file behind it is written.
        additions: (section, key) -> value, such as `("genesys", "org_id")`, for keys that have no value in the file
            yet; written in quotes, behind the key where it is there, else as the first line of the section.

    Raises:
        UsageError: the file is laid out so that this would break it; nothing was changed.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    for (section, key), value in additions.items():
        lines = _with_value(path, lines, (section, key), value)
    rewrite(path, "\n".join(lines) + "\n")


def rewrite(path: Path, text: str) -> None:
    """Write a file that somebody else wrote: its line ends and permission bits stay, and a link stays a link.

    Args:
        path: the file, or a link to it.
        text: all of it, with LF at the ends of lines.

    Raises:
        OSError: it cannot be written; the old one stays as it was.
    """
    file = path.resolve()
    ends = b"\r\n" if b"\r\n" in file.read_bytes() else b"\n"
    content = text.encode().replace(b"\n", ends)
    write_atomically(file, content, mode=stat.S_IMODE(file.stat().st_mode))


def _with_value(path: Path, lines: list[str], at: tuple[str, str], value: str) -> list[str]:
    """What the new text says is compared with what it should say, so that no broken file is ever written."""
    section, key = at
    written = f"{key}: {json.dumps(value)}"
    document = load_yaml("\n".join(lines)) or CommentedMap()
    edited = _edited(document, lines, at, written)
    before, origins = flatten_yaml(document, str(path))
    if edited is None or _values(edited) != {**before, section: {**before.get(section, {}), key: value}}:
        raise UsageError(
            f"{key} cannot be added to {section} the way it is written there",
            where=str(nearest_origin(origins, at)),
            hint=f"add by hand to {section}: {written}",
        )
    return edited


def _edited(document: CommentedMap, lines: list[str], at: tuple[str, str], written: str) -> list[str] | None:
    section, key = at
    node = document.get(section)
    if section not in document:
        return [*lines, f"{section}:", f"  {written}"]
    if not isinstance(node, CommentedMap) or node.fa.flow_style() or not node.lc.data:
        return None
    if key not in node.lc.data:
        row, column = min(place[:2] for place in node.lc.data.values())
        return [*lines[:row], " " * column + written, *lines[row:]]
    row, column = node.lc.data[key][:2]
    empty = NO_VALUE.fullmatch(lines[row], column)
    filled = lines[row][:column] + written + (empty["comment"] or "") if empty else lines[row]
    return [*lines[:row], filled, *lines[row + 1 :]]


def _values(lines: list[str]) -> dict[str, Any] | None:
    try:
        return flatten_yaml(load_yaml("\n".join(lines)), "")[0]
    except (YAMLError, ValueError):
        return None
