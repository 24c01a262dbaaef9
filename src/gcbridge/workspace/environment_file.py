"""Reads environment files: YAML with line numbers, `extends` merged in, the origin of every value kept.

Merge rules, in one place: the extended file is read first, this file over it. Mappings merge key by key, at
any depth. Everything else (text, numbers, lists) replaces what was there. `key: null` removes an inherited key.
The events and values of `tests` are data: they replace what was there, and a null in them is one.
`extends` is a path relative to the file that holds it; chains may be of any length, circles are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gcbridge.errors import EnvironmentInvalidError, Problem
from gcbridge.model.origin import KeyPath, Origin
from gcbridge.workspace.anchored_paths import anchor_paths
from gcbridge.workspace.layout import Workspace

DATA = frozenset({"event", "targets"})
"""Below `tests.<name>`: JSON that is taken as it is, nulls included, and never merged with what was inherited."""


@dataclass(frozen=True)
class EnvironmentDocument:
    """An environment as written, after `extends`.

    Args:
        name: the environment's name.
        values: plain dicts, lists and scalars.
        origins: file and line of every key path in `values`.
        files: the files read, the extended ones first.
    """

    name: str
    values: dict[str, Any]
    origins: dict[KeyPath, Origin]
    files: tuple[Path, ...]


def read_environment(workspace: Workspace, name: str, *, text: str | None = None) -> EnvironmentDocument:
    """Read an environment file and everything it extends.

    Args:
        workspace: where the file lies.
        name: the environment.
        text: what the file is going to hold, where it is not written yet.

    Raises:
        EnvironmentMissingError: no such environment.
        EnvironmentInvalidError: an unreadable file, broken YAML, a missing or circular `extends`.
    """
    path = workspace.existing_environment_file(name) if text is None else workspace.environment_file(name)
    reader = _Reader(workspace, name)
    values, origins = reader.read(path, chain=(), text=text)
    anchor_paths(workspace, values, origins)
    return EnvironmentDocument(name=name, values=values, origins=origins, files=tuple(reader.files))


Layer = tuple[dict[str, Any], dict[KeyPath, Origin]]


class _Reader:
    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.name = name
        self.files: list[Path] = []

    def read(self, path: Path, chain: tuple[Path, ...], text: str | None = None) -> Layer:
        text = self._text(path) if text is None else text
        own = flatten_yaml(self._parse(path, text), self.workspace.shown(path))
        extends = own[0].pop("extends", None)
        if extends is None:
            self.files.append(path)
            return _merge(({}, {}), own)
        line = own[1]["extends",].line
        base_path = self._base_path(path, extends, line, _line_comment(text, line), (*chain, path.resolve()))
        base = self.read(base_path, (*chain, path.resolve()))
        self.files.append(path)
        return _merge(base, own)

    def _text(self, path: Path) -> str:
        shown = self.workspace.shown(path)
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise self._invalid(shown, 1, "", f"not YAML: {error}") from error
        except OSError as error:
            hint = f"ls -l {path} shows who may read it"
            raise self._invalid(shown, 1, "", f"cannot be read: {error.strerror}", hint=hint) from error

    def _parse(self, path: Path, text: str) -> CommentedMap:
        shown = self.workspace.shown(path)
        try:
            loaded = load_yaml(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            message = f"not YAML: {error.problem or error}"
            raise self._invalid(shown, line, "", message, hint=_yaml_hint(text, line)) from error
        except (YAMLError, ValueError) as error:
            # ValueError: ruamel makes numbers of text that is tagged so, and Python refuses `!!int x`.
            raise self._invalid(shown, 1, "", f"not YAML: {error}") from error
        if loaded is None:
            return CommentedMap()
        if not isinstance(loaded, CommentedMap):
            raise self._invalid(shown, 1, "", "an environment is a mapping of keys to values")
        return loaded

    def _base_path(self, path: Path, extends: Any, line: int, note: str, chain: tuple[Path, ...]) -> Path:
        shown = self.workspace.shown(path)
        if not isinstance(extends, str):
            raise self._invalid(shown, line, "extends", "must be the path of another environment file")
        base = path.parent / extends
        if not path.parent.exists():
            # The first environment of a workspace: what leads through its folder has to lead past it.
            base = base.resolve()
        if base.resolve() in chain:
            circle = " -> ".join(self.workspace.shown(step) for step in (*chain, base))
            raise self._invalid(shown, line, "extends", f"goes in a circle: {circle}")
        if not base.is_file():
            raise self._invalid(shown, line, "extends", f"{extends} does not exist", hint=note)
        return base

    def _invalid(
        self, file: str, line: int, key: str, message: str, hint: str = ""
    ) -> EnvironmentInvalidError:
        return EnvironmentInvalidError(self.name, [Problem(key, message, Origin(file, line))], hint=hint)


class _Constructor(RoundTripConstructor):
    """Dates stay as they are written. YAML 1.2 has none; ruamel would write the times of an event in another way."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def load_yaml(text: str) -> Any:
    """YAML as ruamel reads it, with comments and places.

    Raises:
        YAMLError: it is none.
        ValueError: a value is tagged as a number and is none.
    """
    yaml = YAML()
    yaml.Constructor = _Constructor
    return yaml.load(text)


def _yaml_hint(text: str, line: int) -> str:
    """In YAML a brace inside [ ] opens a mapping, and topic templates hold braces: the trap people meet first."""
    lines = text.splitlines()
    if 0 < line <= len(lines) and "{id}" in lines[line - 1] and "[" in lines[line - 1]:
        return 'inside [ ] a topic needs quotes, ["v2.users.{id}.presence"], or a line of its own: - v2.users.{id}.presence'
    return ""


def _line_comment(text: str, line: int) -> str:
    _, mark, comment = text.splitlines()[line - 1].partition("#")
    return comment.strip() if mark else ""


def flatten_yaml(document: CommentedMap, file: str) -> Layer:
    """Plain values, and the line of each.

    Args:
        document: what `load_yaml` has read.
        file: its name in the origins.
    """
    origins: dict[KeyPath, Origin] = {(): Origin(file, 1)}
    values = _plain(document, (), file, origins)
    return values, origins


def _plain(node: Any, path: KeyPath, file: str, origins: dict[KeyPath, Origin]) -> Any:
    if isinstance(node, CommentedMap):
        mapping: dict[Any, Any] = {}
        for key, child in node.items():
            here = (*path, key)
            # A key that came with `<<` has no line here, and ruamel has no table where no key has one.
            place = (node.lc.data or {}).get(key)
            origins[here] = Origin(file, place[0] + 1) if place else origins[path]
            mapping[key] = _plain(child, here, file, origins)
        return mapping
    if isinstance(node, CommentedSeq):
        items: list[Any] = []
        for index, child in enumerate(node):
            here = (*path, index)
            origins[here] = Origin(file, node.lc.item(index)[0] + 1)
            items.append(_plain(child, here, file, origins))
        return items
    return _scalar(node)


def _scalar(node: Any) -> Any:
    """Round-trip scalars carry their formatting; only the value matters from here on."""
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node if node is None else str(node)


def _merge(base: Layer, over: Layer, path: KeyPath = ()) -> Layer:
    values, origins = dict(base[0]), dict(base[1])
    for key, value in over[0].items():
        here = (*path, key)
        if value is None:
            values.pop(key, None)
            _drop(origins, here)
        elif isinstance(value, dict) and isinstance(values.get(key), dict) and not _is_data(here):
            values[key], origins = _merge((values[key], origins), (value, over[1]), here)
        else:
            values[key] = _without_nulls(value, here)
            _drop(origins, here)
            origins.update({at: origin for at, origin in over[1].items() if at[: len(here)] == here})
    origins.setdefault((), over[1].get((), Origin("", 1)))
    return values, origins


def _is_data(path: KeyPath) -> bool:
    return len(path) == 3 and path[0] == "tests" and path[2] in DATA


def _without_nulls(value: Any, path: KeyPath) -> Any:
    if isinstance(value, dict) and not _is_data(path):
        kept = ((key, child) for key, child in value.items() if child is not None)
        return {key: _without_nulls(child, (*path, key)) for key, child in kept}
    return value


def _drop(origins: dict[KeyPath, Origin], path: KeyPath) -> None:
    for at in [at for at in origins if at[: len(path)] == path]:
        del origins[at]
