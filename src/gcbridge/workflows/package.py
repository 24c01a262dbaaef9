"""package: the code of a function, and what it imports, into one zip file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gcbridge.model.progress import Watcher
from gcbridge.model.stack import FunctionPackage
from gcbridge.study.pinned_requirements import PythonRuntime, lambda_platforms
from gcbridge.workspace.function_dependencies import installed_dependencies
from gcbridge.workspace.function_packages import write_package

LAMBDA_PYTHON = "3.13"


@dataclass(frozen=True)
class Imports:
    """What a function's code imports, and for which runtime.

    Args:
        requirements: file with the version and the hashes of each package.
        python_version: of the runtime.
        platforms: tags of the wheels that it takes, the best first; those of Lambda on x86_64 where there are none.
        find_links: folders or pages with wheels, besides pip's index.
    """

    requirements: Path
    python_version: str = LAMBDA_PYTHON
    platforms: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()

    @property
    def runtime(self) -> PythonRuntime:
        """Where the function runs."""
        return PythonRuntime(self.python_version, self.platforms or lambda_platforms(self.python_version))


def package(source: Path, zip_file: Path, imports: Imports | None, watch: Watcher) -> FunctionPackage:
    """A function's zip file follows from its code and its requirements alone, wherever it is made.

    Args:
        source: folder of the code.
        zip_file: what to write.
        imports: what the code imports beside what is in the folder.
        watch: told what goes on.

    Raises:
        GcbridgeError: there is no code, a requirement leaves something open, or pip could not install it.
    """
    if imports is None:
        return write_package(source, zip_file)
    with installed_dependencies(
        imports.requirements, imports.runtime, imports.find_links, watch
    ) as dependencies:
        return write_package(source, zip_file, dependencies)
