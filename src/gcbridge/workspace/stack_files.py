"""Rendered stacks on disk: what was rendered, and nothing left over from an earlier render."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from gcbridge.atomic import write_atomically
from gcbridge.model.stack import RenderedStack

LOCK_FILE = ".terraform.lock.hcl"
PACKAGES_FOLDER = "packages"
FLOWS_FOLDER = "flows"


def write_stack(folder: Path, stack: RenderedStack) -> tuple[str, ...]:
    """Bring a folder to exactly the stack's files; Terraform's own files in it are left alone.

    Args:
        folder: root module's folder.
        stack: the rendered files.

    Returns:
        Relative paths that were written or removed, sorted; empty when nothing differed.
    """
    touched = [str(path) for path in _stale(folder, stack)]
    for stale in touched:
        (folder / stale).unlink()
    for path, content in _contents(stack).items():
        file = folder / path
        if not file.is_file() or file.read_bytes() != content:
            write_atomically(file, content)
            touched.append(str(path))
    return tuple(sorted(touched))


def _contents(stack: RenderedStack) -> dict[PurePosixPath, bytes]:
    texts = {path: text.encode() for path, text in stack.files.items()}
    return texts | {path: package.content for path, package in stack.packages.items()}


def _stale(folder: Path, stack: RenderedStack) -> list[PurePosixPath]:
    """Terraform reads every .tf file below a module, so one that is no longer rendered would still count."""
    written = _contents(stack)
    own = (f"{PACKAGES_FOLDER}/*.zip", f"{FLOWS_FOLDER}/*.yaml")
    paths = (*folder.rglob("*.tf"), *(path for pattern in own for path in folder.glob(pattern)))
    found = (PurePosixPath(path.relative_to(folder).as_posix()) for path in paths)
    return [path for path in found if path.parts[0] != ".terraform" and path not in written]


def lock_digest(folder: Path) -> str:
    """SHA-256 of the dependency lock file, or an empty string where there is none."""
    lock = folder / LOCK_FILE
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""


def keep_lock(folder: Path, kept: Path) -> None:
    """Copy a stack's dependency lock file, where there is one, to where the plan is kept."""
    lock = folder / LOCK_FILE
    if lock.is_file():
        write_atomically(kept, lock.read_bytes())


def restore_lock(folder: Path, kept: Path) -> None:
    """Put a kept dependency lock file back, so that the same providers are chosen, on another machine as well."""
    lock = folder / LOCK_FILE
    if kept.is_file() and (not lock.is_file() or lock.read_bytes() != kept.read_bytes()):
        write_atomically(lock, kept.read_bytes())
