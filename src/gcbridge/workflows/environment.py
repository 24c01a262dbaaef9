"""Load an environment: read, validate, resolve."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from gcbridge.model.bridge import Bridge
from gcbridge.model.origin import KeyPath, dotted, nearest_origin
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve
from gcbridge.study.validate import validate_environment
from gcbridge.workflows.flow_files import check_flow_files
from gcbridge.workspace.environment_file import EnvironmentDocument, read_environment
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import read_catalogue


@dataclass(frozen=True)
class Environment:
    """An environment as written and checked.

    Args:
        document: the values with their origins.
        spec: the same, typed.
    """

    document: EnvironmentDocument
    spec: EnvironmentSpec

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.document.name

    @property
    def digest(self) -> str:
        """SHA-256 of what was written, as far as it decides what is made.

        Where this machine keeps its binaries and mirrors does not count, nor do tests, how long to wait and how to
        verify: a person who was told to wait longer can go on with the same plan.
        """
        text = self.spec.model_dump_json(
            exclude={
                "terraform": {"binary", "provider_mirror"},
                "waits": True,
                "verify": True,
                "description": True,
                "tests": True,
            }
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def resolve(self) -> Bridge:
        """Decide everything.

        Raises:
            EnvironmentInvalidError: org id or account id are not written yet.
        """
        return resolve(self.name, self.spec, self.document.origins)


def load_environment(workspace: Workspace, name: str, *, any_topic: bool = False) -> Environment:
    """An environment is loaded whole and valid, or not at all; nothing is looked up anywhere else.

    Args:
        workspace: where its file lies.
        name: the environment.
        any_topic: for what is provided already: let topics pass that the catalogue does not know, or knows not to reach
            EventBridge, and flows whose file is gone; rendering needs that file all the same.

    Raises:
        EnvironmentMissingError: no such environment.
        EnvironmentInvalidError: every problem at once.
        GcbridgeError: the environment's file of topics is damaged.
    """
    document = read_environment(workspace, name)
    catalogue = None if any_topic else read_catalogue(workspace, name)
    spec = validate_environment(name, document.values, document.origins, catalogue)
    if not any_topic:
        check_flow_files(workspace, name, spec, document.origins)
    return Environment(document, spec)


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value of an environment and the place it came from: a file and line, or gcbridge's default."""

    key: str
    value: object
    origin: str


def list_values(environment: Environment) -> list[WrittenValue]:
    """Every value in force, defaults included, with where it came from."""
    return list(_leaves(environment.spec.model_dump(mode="json"), (), environment))


def _leaves(node: object, path: KeyPath, environment: Environment) -> list[WrittenValue]:
    if isinstance(node, dict) and node:
        return [leaf for key, child in node.items() for leaf in _leaves(child, (*path, key), environment)]
    if isinstance(node, list) and node:
        return [leaf for i, child in enumerate(node) for leaf in _leaves(child, (*path, i), environment)]
    origins = environment.document.origins
    written = path in origins or _is_inside_written_list(path, environment)
    origin = str(nearest_origin(origins, path)) if written else "default"
    return [] if node is None and not written else [WrittenValue(dotted(path), node, origin)]


def _is_inside_written_list(path: KeyPath, environment: Environment) -> bool:
    return isinstance(path[-1], int) and path[:-1] in environment.document.origins
