"""RenderedStack: a Terraform root module as text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from types import MappingProxyType


class StackName(str, Enum):
    """Every environment has these two root modules; separate credentials, separate states."""

    GENESYS = "genesys"
    AWS = "aws"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FunctionPackage:
    """The code of a Lambda function as the zip file that is uploaded.

    Args:
        content: bytes of the zip file.
    """

    content: bytes = field(repr=False)

    @property
    def sha256_base64(self) -> str:
        """SHA-256 as Lambda itself gives it (`CodeSha256`)."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


@dataclass(frozen=True, slots=True)
class RenderedStack:
    """A root module is its files; equal files mean an equal digest on every machine.

    Args:
        name: which of the two stacks.
        files: relative POSIX path -> text, modules included.
        packages: relative POSIX path -> code of a function, which lies beside the text.
    """

    name: StackName
    files: Mapping[PurePosixPath, str]
    packages: Mapping[PurePosixPath, FunctionPackage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(sorted(self.files.items()))))
        object.__setattr__(self, "packages", MappingProxyType(dict(sorted(self.packages.items()))))

    @property
    def digest(self) -> str:
        """SHA-256 over every path and what lies there, in path order."""
        sha = hashlib.sha256()
        for path, text in self.files.items():
            sha.update(f"{path}\0{len(text)}\0{text}\0".encode())
        for path, package in self.packages.items():
            sha.update(f"{path}\0{package.sha256_base64}\0".encode())
        return sha.hexdigest()


@dataclass(frozen=True, slots=True)
class RenderedStacks:
    """Both root modules of one environment.

    Args:
        genesys: the integration.
        aws: bus, rules, targets.
    """

    genesys: RenderedStack
    aws: RenderedStack

    def of(self, stack: StackName) -> RenderedStack:
        """One of the two."""
        return self.genesys if stack is StackName.GENESYS else self.aws


@dataclass(frozen=True, slots=True)
class RenderSources:
    """What rendering draws from, already read: templates and Terraform modules as text.

    Args:
        templates: path below `templates/`, such as `aws/main.tf.j2` -> text.
        modules: module name -> path inside the module -> text.
        packages: target name -> code of its function.
        flows: flow name -> text of its Architect file.
        overrides: what the workspace replaced or added, such as `templates/aws/main.tf.j2` or `modules/event-rule`; sorted.
    """

    templates: Mapping[str, str]
    modules: Mapping[str, Mapping[PurePosixPath, str]]
    overrides: tuple[str, ...] = ()
    packages: Mapping[str, FunctionPackage] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)
