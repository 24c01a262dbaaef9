"""Values that are paths: relative to the folder of the file that wrote them; `~` is the home folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.origin import KeyPath, Origin
from gcbridge.workspace.layout import Workspace

BINARY: KeyPath = ("terraform", "binary")
"""A path where it holds a `/`; otherwise a command, looked up on PATH."""

PATH_KEYS: tuple[KeyPath, ...] = (("terraform", "provider_mirror"), BINARY, ("tests", "*", "event"))
"""Where paths stand; `*` is any name. An event that is no text is written out."""


def anchor_paths(workspace: Workspace, values: dict[str, Any], origins: Mapping[KeyPath, Origin]) -> None:
    """Make every path in the values absolute.

    Args:
        workspace: what the files of the origins are relative to.
        values: an environment as written; changed in place.
        origins: file and line of every key path.
    """
    for pattern in PATH_KEYS:
        for key in list(_keys(values, pattern)):
            _anchor(workspace, values, origins, key)


def _keys(node: Any, pattern: KeyPath) -> Iterator[KeyPath]:
    if not pattern:
        yield ()
    elif isinstance(node, dict):
        names = list(node) if pattern[0] == "*" else [pattern[0]]
        for name in names:
            if name in node:
                yield from ((name, *rest) for rest in _keys(node[name], pattern[1:]))


def _anchor(
    workspace: Workspace, values: dict[str, Any], origins: Mapping[KeyPath, Origin], key: KeyPath
) -> None:
    node: Any = values
    for part in key[:-1]:
        node = node[part]
    written = node[key[-1]]
    if isinstance(written, str) and (key != BINARY or "/" in written):
        folder = (workspace.root / origins[key].file).parent
        path = folder / os.path.expanduser(written)  # noqa: PTH111 - Path's own raises on an unknown ~user
        # The last part is not resolved: version managers make `terraform` a link to themselves and read its name.
        node[key[-1]] = str(path.parent.resolve() / path.name)
