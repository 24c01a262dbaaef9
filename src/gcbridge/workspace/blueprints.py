"""Blueprints: those that gcbridge brings, and a workspace's own, which win; what they bring is copied, never over anything."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError, UsageError
from gcbridge.model.blueprint import Blueprint, BlueprintEntry
from gcbridge.workspace.assets import find_bundled
from gcbridge.workspace.layout import Workspace

BLUEPRINTS = "blueprints"
DESCRIPTION = "blueprint.yaml"
FRAGMENT = "environment.yaml"
COPIED = {"functions": "functions", "events": "environments/events", "flows": "flows"}
"""Folder of a blueprint -> folder of the workspace that its files are copied to."""

LEFT_BEHIND = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"})


@dataclass(frozen=True, slots=True)
class BlueprintFiles:
    """A blueprint as it lies on disk.

    Args:
        name: of its folder.
        folder: where it lies.
        bundled: whether gcbridge brings it.
        about: `blueprint.yaml`.
        fragment: text of `environment.yaml`.
        files: place in the workspace -> bytes to put there.
    """

    name: str
    folder: Path
    bundled: bool
    about: Blueprint
    fragment: str
    files: dict[PurePosixPath, bytes]


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a blueprint's files in a workspace; what was there already and equal is in neither.

    Args:
        written: were not there.
        kept: are there and differ.
    """

    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def list_blueprints(workspace: Workspace, bundled: Path | None = None) -> list[BlueprintEntry]:
    """Every blueprint that can be used here, by name.

    Args:
        workspace: whose own blueprints count too.
        bundled: folder that holds the bundled `blueprints/`; default: where gcbridge is installed.

    Raises:
        GcbridgeError: one is damaged.
    """
    found = (read_blueprint(workspace, name, bundled) for name in _folders(workspace, bundled))
    return [
        BlueprintEntry(
            name=blueprint.name,
            title=blueprint.about.title,
            origin="bundled" if blueprint.bundled else workspace.shown(blueprint.folder),
        )
        for blueprint in found
    ]


def read_blueprint(workspace: Workspace, name: str, bundled: Path | None = None) -> BlueprintFiles:
    """The blueprint of that name, the workspace's own before the bundled one.

    Args:
        workspace: where own blueprints lie.
        name: of its folder.
        bundled: see `list_blueprints`.

    Raises:
        UsageError: there is none.
        GcbridgeError: it is damaged.
    """
    folders = _folders(workspace, bundled)
    if name not in folders:
        raise _unknown(name, list(folders))
    folder = folders[name]
    try:
        return BlueprintFiles(
            name=name,
            folder=folder,
            bundled=folder.parent == (bundled or find_bundled()) / BLUEPRINTS,
            about=Blueprint.model_validate(_read_yaml(folder / DESCRIPTION)),
            fragment=(folder / FRAGMENT).read_text(encoding="utf-8"),
            files=dict(_files(folder)),
        )
    except ValidationError as error:
        raise _damaged(folder / DESCRIPTION, _first_problem(error)) from error
    except UnicodeDecodeError as error:
        raise _damaged(folder, "not UTF-8 text") from error
    except OSError as error:
        raise _damaged(Path(error.filename or folder), error.strerror or str(error)) from error


def copy_files(workspace: Workspace, blueprint: BlueprintFiles) -> Copied:
    """Put a blueprint's functions, events and flows into the workspace; what is there already stays as it is.

    Raises:
        OSError: a file cannot be written.
    """
    written, kept = [], []
    for place, content in blueprint.files.items():
        path = workspace.root / place
        if not path.exists():
            write_atomically(path, content)
            written.append(str(place))
        elif path.read_bytes() != content:
            kept.append(str(place))
    return Copied(tuple(written), tuple(kept))


def _folders(workspace: Workspace, bundled: Path | None) -> dict[str, Path]:
    """Name -> folder; a folder is a blueprint by its `blueprint.yaml`."""
    roots = ((bundled or find_bundled()) / BLUEPRINTS, workspace.root / BLUEPRINTS)
    found = {path.parent.name: path.parent for root in roots for path in root.glob(f"*/{DESCRIPTION}")}
    return dict(sorted(found.items()))


def _files(folder: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    for name, place in COPIED.items():
        for path in sorted([folder / name, *(folder / name).rglob("*")]):
            if not path.resolve().is_relative_to(folder.resolve()):
                raise _damaged(path, "leads out of the blueprint")
            inside = path.relative_to(folder / name)
            if path.is_file() and not LEFT_BEHIND & set(inside.parts):
                yield PurePosixPath(place, inside.as_posix()), path.read_bytes()


def _read_yaml(path: Path) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise _damaged(path, f"not YAML: {error}") from error


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _damaged(path: Path, detail: str) -> GcbridgeError:
    return GcbridgeError(
        "this blueprint cannot be used",
        where=str(path),
        detail=detail,
        hint="docs/blueprints.md says what a blueprint holds; for one that gcbridge brings: "
        "pip install --force-reinstall gcbridge",
    )


def _unknown(name: str, names: list[str]) -> UsageError:
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return UsageError(
        f"there is no blueprint {name}",
        detail=f"blueprints here: {', '.join(names) or 'none'}",
        hint=f"did you mean {close[0]}?" if close else "gcbridge init --list-blueprints",
    )
