"""Where things lie in a workspace."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from gcbridge.errors import EnvironmentMissingError, UsageError
from gcbridge.model.naming import ENVIRONMENT_NAME_PATTERN
from gcbridge.model.stack import StackName

WORK_FOLDER = ".gcbridge"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace is a folder that holds `environments/`; gcbridge writes only below `.gcbridge/` and `evidence/`.

    Args:
        root: the folder, absolute.
    """

    root: Path

    @property
    def environments(self) -> Path:
        """Folder of the environment files."""
        return self.root / "environments"

    def environment_names(self) -> tuple[str, ...]:
        """Names of all environments, sorted; a file whose name begins with `_` is only there to be extended."""
        names = (path.stem for path in self.environments.glob("*.yaml"))
        return tuple(sorted(name for name in names if not name.startswith("_")))

    def environment_file(self, name: str) -> Path:
        """Path of an environment's file, whether or not it exists.

        Raises:
            UsageError: the name cannot be an environment's.
        """
        if not ENVIRONMENT_NAME_PATTERN.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot name an environment",
                hint="use 1 to 32 lower-case letters, digits or '-', beginning with a letter",
            )
        return self.environments / f"{name}.yaml"

    def existing_environment_file(self, name: str) -> Path:
        """Path of an environment's file.

        Raises:
            EnvironmentMissingError: there is none; the message lists those that exist.
        """
        path = self.environment_file(name)
        if path.is_file():
            return path
        names = self.environment_names()
        close = difflib.get_close_matches(name, names, n=1)
        raise EnvironmentMissingError(
            f"environment {name} does not exist",
            where=self.shown(path),
            detail=f"environments here: {', '.join(names)}"
            if names
            else "there are no environments here yet",
            hint=f"did you mean {close[0]}?" if close else f"gcbridge init {name}",
        )

    def work_folder(self, environment: str) -> Path:
        """Folder where gcbridge keeps what belongs to one environment."""
        return self.root / WORK_FOLDER / environment

    def stack_folder(self, environment: str, stack: StackName) -> Path:
        """Folder of one rendered root module."""
        return self.work_folder(environment) / stack.value

    def plans_folder(self, environment: str) -> Path:
        """Folder of one environment's plan bundles."""
        return self.work_folder(environment) / "plans"

    @property
    def sandbox_folder(self) -> Path:
        """Folder where the embedded sandbox keeps its state; no environment can have that name."""
        return self.root / WORK_FOLDER / "_sandbox"

    def shown(self, path: Path) -> str:
        """A path as people type it: relative to the workspace where it lies inside."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def find_workspace(start: Path) -> Workspace:
    """The workspace is the nearest folder, upwards from `start`, that holds `environments/`; else `start` itself."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "environments").is_dir():
            return Workspace(folder)
    return Workspace(start)
