"""An environment as it was at a git revision: its file and what it extends, in a folder of their own.

Only reads: git is asked for the content of files at a commit, and the working tree is not touched.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode

from gcbridge.errors import GcbridgeError, UsageError
from gcbridge.workspace.layout import Workspace

SHORT = 7
"""Characters of a commit's id that people read."""


@dataclass(frozen=True, slots=True)
class PastWorkspace:
    """A workspace with one environment of the past.

    Args:
        workspace: it lasts as long as the block does.
        commit: the revision's full id.
    """

    workspace: Workspace
    commit: str

    @property
    def short_commit(self) -> str:
        """The id as people read it."""
        return self.commit[:SHORT]


@contextmanager
def workspace_at(workspace: Workspace, name: str, revision: str) -> Iterator[PastWorkspace]:
    """A folder with the environment's file at a revision, so that it can be read as every environment is.

    Args:
        workspace: a folder inside a git repository.
        name: the environment.
        revision: whatever git takes for a commit: a branch, a tag, an id, `HEAD~3`.

    Raises:
        UsageError: no git repository, no such revision, or no such environment at it.
        GcbridgeError: git is missing, or fails.
    """
    commit = _commit(workspace.root, revision)
    prefix = _git(workspace.root, "rev-parse", "--show-prefix").decode().rstrip("\n")
    with tempfile.TemporaryDirectory(prefix="gcbridge-") as folder:
        past = _Past(workspace.root, commit, prefix, Path(folder))
        place = workspace.environment_file(name).relative_to(workspace.root).as_posix()
        if not past.bring(place):
            raise UsageError(
                f"environment {name} does not exist at {revision}",
                where=f"{revision}:{prefix}{place}",
                hint=f"git log --oneline --follow -- {place} shows since when it does",
            )
        yield PastWorkspace(Workspace(past.root), commit)


class _Past:
    """Brings files of a commit into a folder, in the places that they have in the repository."""

    def __init__(self, repository: Path, commit: str, prefix: str, folder: Path) -> None:
        self._repository = repository
        self._commit = commit
        self._prefix = prefix
        self._folder = folder.resolve()
        self.root = self._folder / prefix

    def bring(self, place: str) -> bool:
        """Bring a file, and what it extends; False where the commit has none there.

        Args:
            place: relative to the workspace.
        """
        path = posixpath.normpath(self._prefix + place)
        if path.startswith("../"):
            return False
        target = self._folder / path
        if target.exists():
            return True
        content = self._content(path)
        if content is None:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        base = _extends(content)
        if base is not None and posixpath.isabs(base):
            raise UsageError(
                f"what {path} extends has a place outside the revision: {base}",
                where=f"{self._commit[:SHORT]}:{path}",
                hint="git has no past of such a path; write it relative to the file, and compare with a later revision",
            )
        if base is not None:
            # Whether it is there is said by the reader of environments, with the line that names it.
            self.bring(posixpath.join(posixpath.dirname(place), base))
        return True

    def _content(self, path: str) -> bytes | None:
        # Follows links inside the repository, as the working tree does.
        asked = f"{self._commit}:{path}\n".encode()
        answer = _git(self._repository, "cat-file", "--batch", "--follow-symlinks", given=asked)
        head, _, content = answer.partition(b"\n")
        words = head.split()
        if len(words) != 3 or words[1] != b"blob":
            return None
        return content[: int(words[2])]


def _extends(content: bytes) -> str | None:
    """Only the text of that one value is looked at; whether all of the file is right, its reader says."""
    try:
        document = YAML().compose(content.decode("utf-8"))
    except (YAMLError, ValueError):
        return None
    values = document.value if isinstance(document, MappingNode) else []
    return next((str(value.value) for key, value in values if key.value == "extends"), None)


def _commit(root: Path, revision: str) -> str:
    _git(root, "rev-parse", "--git-dir")
    unknown = UsageError(
        f"git knows no revision {revision}",
        where=str(root),
        hint=f"git log --oneline shows those it has; in a shallow clone, fetch it first: git fetch origin {revision}",
    )
    if revision.startswith("-") or not revision.strip():
        raise unknown
    found = _run(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found.returncode:
        raise unknown
    return found.stdout.decode().strip()


def _git(root: Path, *words: str, given: bytes = b"") -> bytes:
    done = _run(root, *words, given=given)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        if "not a git repository" in said:
            raise UsageError(
                "the workspace is in no git repository",
                where=str(root),
                hint="compare with another environment instead: --against ENV",
            )
        raise GcbridgeError(
            f"git {words[0]} failed", where=str(root), detail=said, hint="git status says more"
        )
    return done.stdout


def _run(root: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Git's words are read, so it has to speak English.
    environ = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", *words], cwd=root, input=given, capture_output=True, check=False, env=environ
        )
    except FileNotFoundError as error:
        raise GcbridgeError(
            "git was not found", where=str(root), hint="install git, or compare with --against ENV"
        ) from error
