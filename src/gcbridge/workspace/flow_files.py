"""Architect files of a workspace: text, and the flow that it describes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gcbridge.errors import GcbridgeError
from gcbridge.workspace.layout import Workspace


def read_flow_text(workspace: Workspace, file: str) -> str:
    """The text of an Architect file; line ends become LF, so that a checkout on any system renders the same bytes.

    Args:
        workspace: what the file is relative to.
        file: as written in the environment.

    Raises:
        GcbridgeError: there is no such file, or it is not UTF-8 text.
    """
    path = workspace.root / file
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GcbridgeError(
            "the Architect file is not UTF-8 text", where=file, hint="save it as UTF-8"
        ) from error
    except OSError as error:
        raise GcbridgeError(
            f"the Architect file cannot be read: {error.strerror}",
            where=file,
            hint="correct `file` of the flow; it is relative to the workspace",
        ) from error


def parse_flow(text: str, name: str = "") -> dict[str, Any]:
    """What an Architect file describes: type of flow -> the flow.

    Args:
        text: with its substitutions made, since `{{name}}` need not be YAML.
        name: of the file, for messages.

    Raises:
        GcbridgeError: it is not YAML, or no mapping.
    """
    try:
        parsed = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        where = f"{name}:{mark.line + 1}" if mark else name
        raise GcbridgeError(f"the Architect file is not YAML: {problem}", where=where) from error
    if not isinstance(parsed, dict):
        raise GcbridgeError("the Architect file holds no flow", where=name)
    return parsed


def is_inside(workspace: Workspace, file: str) -> bool:
    """Whether a file is named relative to the workspace and lies in it, so that another checkout has it too."""
    path = Path(file)
    if path.is_absolute() or "\0" in file:
        return False
    return (workspace.root / path).resolve().is_relative_to(workspace.root.resolve())
