"""Packages the code of a Lambda function: the same bytes in, the same zip file out, on every machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError
from gcbridge.model.stack import FunctionPackage
from gcbridge.workspace.function_dependencies import dependency_files

LEFT_OUT = frozenset(
    {"__pycache__", ".git", ".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".DS_Store"}
)
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16
EXECUTABLE_FILE = 0o100755 << 16
PACKAGE_BYTES_MAX = 50 * 1024 * 1024
"""What Lambda takes in one upload ("Lambda quotas", AWS Lambda developer guide)."""


def package_function(source: Path, dependencies: Path | None = None) -> FunctionPackage:
    """A folder becomes a zip file that depends on names, bytes and execute bits alone; a zip file stays as it is.

    Nothing is compressed: two versions of zlib pack the same bytes differently, and a changed hash is a changed plan.

    Args:
        source: folder that holds the code and what it imports, or a zip file.
        dependencies: folder with what the code of a folder imports, see `installed_dependencies`.

    Raises:
        GcbridgeError: there is nothing there, it is empty, or larger than Lambda takes; or both folders have a file.
    """
    if _is_zip(source):
        if dependencies is not None:
            raise GcbridgeError(
                "a zip file is packaged already, and nothing can be added to it",
                where=str(source),
                hint="give the folder of the code, or leave out --requirements",
            )
        package = FunctionPackage(source.read_bytes())
    else:
        package = FunctionPackage(_zip(_all_files(source, dependencies)))
    if len(package.content) > PACKAGE_BYTES_MAX:
        raise GcbridgeError(
            f"the function's package has {len(package.content):,} bytes; Lambda takes {PACKAGE_BYTES_MAX:,}",
            where=str(source),
            hint="leave out what the function does not need",
        )
    return package


def write_package(source: Path, zip_file: Path, dependencies: Path | None = None) -> FunctionPackage:
    """Package a function and keep the zip file, whole or not at all.

    Raises:
        GcbridgeError: as `package_function`.
    """
    package = package_function(source, dependencies)
    write_atomically(zip_file, package.content)
    return package


def _is_zip(source: Path) -> bool:
    if source.is_dir():
        return False
    if source.is_file() and zipfile.is_zipfile(source):
        return True
    what = "no zip file" if source.is_file() else "no such folder or zip file"
    raise GcbridgeError(
        f"the code of a function was not found: {what}",
        where=str(source),
        hint="correct `source` of the target; it is relative to the workspace",
    )


def _all_files(source: Path, dependencies: Path | None) -> dict[str, Path]:
    files = {path.relative_to(source).as_posix(): path for path in _files(source)}
    if not files:
        raise GcbridgeError("the folder of a function is empty", where=str(source), hint="put its code there")
    if dependencies is None:
        return files
    imported = {
        path.relative_to(dependencies).as_posix(): path
        for path in dependency_files(dependencies)
        if path.suffix != ".pyc"
    }
    twice = sorted(files.keys() & imported.keys())
    if twice:
        raise GcbridgeError(
            f"the function's folder and its requirements both have {twice[0]}",
            where=str(source / twice[0]),
            hint="remove it from the folder, or its package from the requirements",
        )
    return files | imported


def _zip(files: Mapping[str, Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = EXECUTABLE_FILE if path.stat().st_mode & 0o100 else READABLE_FILE
            entry.create_system = 3  # as on Unix, wherever it is made
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = set(path.relative_to(folder).parts)
        if path.is_file() and not inside & LEFT_OUT and path.suffix != ".pyc":
            yield path
