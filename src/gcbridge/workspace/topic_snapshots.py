"""Reads and writes topic catalogues: the one that gcbridge brings, and those of organizations beside environments."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.topics.overlay import overlay
from gcbridge.study.topics.snapshot import decode_catalogue, encode_catalogue
from gcbridge.workspace.layout import Workspace

BUNDLED = Path(__file__).parent / "topics" / "topics.json"


def read_catalogue(workspace: Workspace, environment: str | None = None) -> TopicCatalogue:
    """All topics known here; no network.

    Args:
        workspace: where the environments are.
        environment: whose organization's topics count, where `gcbridge topics refresh` has written them.

    Raises:
        UsageError: the name cannot be an environment's.
        GcbridgeError: the environment's file of topics is damaged.
    """
    bundled = read_bundled()
    own = read_organization_topics(workspace, environment) if environment else None
    return overlay(bundled, own) if own else bundled


@cache
def read_bundled() -> TopicCatalogue:
    """The snapshot that gcbridge brings.

    Raises:
        GcbridgeError: the installation is incomplete.
    """
    try:
        return decode_catalogue(json.loads(BUNDLED.read_text(encoding="utf-8")), "bundled")
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise GcbridgeError(
            "gcbridge's own list of topics is missing or damaged: the installation is incomplete",
            where=str(BUNDLED),
            detail=f"{type(error).__name__}: {error}",
            hint="pip install --force-reinstall gcbridge",
        ) from error


def topics_file(workspace: Workspace, environment: str) -> Path:
    """Where the topics of an environment's organization are kept, beside the environment.

    Raises:
        UsageError: the name cannot be an environment's.
    """
    return workspace.environment_file(environment).with_suffix(".topics.json")


def read_organization_topics(workspace: Workspace, environment: str) -> TopicCatalogue | None:
    """What `gcbridge topics refresh` has written for an environment; None where it never has.

    Raises:
        UsageError: the name cannot be an environment's.
        GcbridgeError: the file is damaged, or somebody else's.
    """
    path = topics_file(workspace, environment)
    try:
        return decode_catalogue(json.loads(path.read_text(encoding="utf-8")), "organization")
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise GcbridgeError(
            "this is no list of topics that gcbridge wrote",
            where=workspace.shown(path),
            detail=f"{type(error).__name__}: {error}",
            hint=f"remove the file, then type gcbridge topics refresh {environment}",
        ) from error


def write_organization_topics(workspace: Workspace, environment: str, catalogue: TopicCatalogue) -> Path:
    """Replaces the topics of an environment's organization whole; returns the file.

    Raises:
        OSError: the file cannot be written; the old one stays as it was.
    """
    path = topics_file(workspace, environment)
    text = json.dumps(encode_catalogue(catalogue), indent=1, ensure_ascii=False) + "\n"
    write_atomically(path, text)
    return path
