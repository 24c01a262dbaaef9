"""Installs what a function imports into a folder, with pip, for the machine that the function runs on."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from gcbridge.errors import GcbridgeError
from gcbridge.model.progress import Progress, Watcher
from gcbridge.study.pinned_requirements import PythonRuntime, missing_packages, read_pinned

SUBJECT = "dependencies"
LOOK_SECONDS = 1.0
SHOWN_LINES = 20
WRITTEN_BY_PIP = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
"""What pip says of its own work on this machine; nothing in a function reads it."""
SCRIPTS = "bin"
"""Commands, whose first line names this machine's Python. A function has no use for them."""


@contextmanager
def installed_dependencies(
    requirements: Path, runtime: PythonRuntime, find_links: Sequence[str], watch: Watcher
) -> Iterator[Path]:
    """A folder with every package of a requirements file, for as long as the block lasts.

    Only wheels are taken, by version and hash, and none is chosen by the machine that packages; nothing of a package's own code is run.

    Args:
        requirements: pinned and hashed.
        runtime: where the function runs.
        find_links: folders or pages with wheels, besides the index that pip is configured for.
        watch: told what goes on.

    Raises:
        GcbridgeError: the file leaves something open, pip is missing, or could not install what it names.
    """
    text = _read(requirements)
    pinned = read_pinned(text, str(requirements), runtime)
    with tempfile.TemporaryDirectory(prefix="gcbridge-package-") as folder:
        target, file = Path(folder, "packages"), Path(folder, "requirements.txt")
        target.mkdir()
        file.write_text(pinned.text, encoding="utf-8")
        if pinned.packages:
            _run(_arguments(file, target, runtime, find_links), requirements, watch)
        metadata = [path.read_text(encoding="utf-8") for path in sorted(target.glob("*.dist-info/METADATA"))]
        missing = missing_packages(pinned, metadata, runtime)
        if missing:
            raise GcbridgeError(
                "the requirements are not complete: the function could not import all that it needs",
                where=str(requirements),
                detail="\n".join(missing),
                hint="make the file again with uv pip compile --generate-hashes, which lists everything",
            )
        yield target


def dependency_files(folder: Path) -> Iterator[Path]:
    """What belongs into the function's package: the same files wherever they were installed.

    Args:
        folder: as `installed_dependencies` gives it.
    """
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        of_this_machine = parts[0] == SCRIPTS or (
            path.name in WRITTEN_BY_PIP and path.parent.name.endswith(".dist-info")
        )
        if path.is_file() and not of_this_machine:
            yield path


def _read(requirements: Path) -> str:
    try:
        return requirements.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GcbridgeError(
            "the requirements of a function cannot be read",
            where=str(requirements),
            detail=str(getattr(error, "strerror", None) or "no text in UTF-8"),
            hint="give the path of a requirements file to --requirements",
        ) from error


def _arguments(file: Path, target: Path, runtime: PythonRuntime, find_links: Sequence[str]) -> list[str]:
    return [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
        *("--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile", "--ignore-installed"),
        *("--implementation", "cp", "--python-version", runtime.version),
        *(word for platform in runtime.platforms for word in ("--platform", platform)),
        *(word for place in find_links for word in ("--find-links", place)),
        *("--requirement", str(file), "--target", str(target)),
    ]


def _run(arguments: Sequence[str], requirements: Path, watch: Watcher) -> None:
    if find_spec("pip") is None:
        raise GcbridgeError(
            "pip, which installs what a function imports, is not there",
            where=sys.executable,
            hint=f"{sys.executable} -m ensurepip (or pipx inject gcbridge pip, uv pip install pip)",
        )
    watch(Progress(SUBJECT, "started", "pip installs them"))
    begun = time.monotonic()
    with subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        said = _outlive(pip, begun, watch)
    seconds = time.monotonic() - begun
    if pip.returncode:
        watch(Progress(SUBJECT, "failed", "pip could not install them", seconds))
        raise GcbridgeError(
            "pip could not install what the function imports",
            where=str(requirements),
            detail="\n".join(said.strip().splitlines()[-SHOWN_LINES:]),
            hint="each package needs a wheel for the runtime; see --python-version and --platform",
        )
    watch(Progress(SUBJECT, "finished", "installed", seconds))


def _outlive(pip: subprocess.Popen[str], begun: float, watch: Watcher) -> str:
    """What pip said until its end; whoever is interrupted meanwhile takes it along."""
    try:
        while True:
            try:
                return pip.communicate(timeout=LOOK_SECONDS)[0]
            except subprocess.TimeoutExpired:
                watch(Progress(SUBJECT, "running", "pip installs them", time.monotonic() - begun))
    except BaseException:
        pip.kill()
        raise
