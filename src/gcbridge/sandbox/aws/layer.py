"""The one place where functions of ministack are replaced: those of ``seams``.

``install`` refuses an emulator in which one of them has changed.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from typing import Any

from ministack import app

from gcbridge.sandbox.aws.seams import ADDITIONS, LATE_SERVICES, SEAMS, Seam


class EmulatorChangedError(RuntimeError):
    """ministack is not the release this layer was written for."""


def late_seams(service: str) -> tuple[Seam, ...]:
    """The seams of a service that is loaded late; this loads it."""
    module = importlib.import_module(f"ministack.services.{service}")
    calls = importlib.import_module(f"gcbridge.sandbox.aws.{LATE_SERVICES[service]}").CALLS
    return tuple(Seam(module, name, *told) for name, told in calls.items())


def find_changed_seams(seams: tuple[Seam, ...] = SEAMS) -> list[str]:
    """The seams that this ministack does not have, or has with another signature, and calls that it now answers."""
    changed = [
        str(seam)
        for seam in seams
        if str(inspect.signature(getattr(seam.module, seam.name, lambda: None))) != seam.signature
    ]
    answered = [
        str(addition)
        for addition in ADDITIONS
        if getattr(addition.module, addition.table, {}).get(addition.call) not in {None, addition.answer}
    ]
    return changed + answered


def replace_functions(seams: tuple[Seam, ...]) -> None:
    """Put the replacements in place.

    Raises:
        EmulatorChangedError: a seam is missing or has changed.
    """
    changed = find_changed_seams(seams)
    if changed:
        raise EmulatorChangedError(
            f"the installed ministack lacks {', '.join(changed)}; install the one that gcbridge[sandbox] pins"
        )
    for seam in seams:
        original = getattr(seam.module, seam.name)
        replacement = functools.partial(seam.replacement, original) if seam.wraps else seam.replacement
        setattr(seam.module, seam.name, replacement)
        if seam.handles:
            seam.module._HANDLERS[seam.handles] = replacement


@functools.cache
def install_late(service: str) -> None:
    """Replace the functions of a service that has just been loaded, once per process.

    Raises:
        EmulatorChangedError: a seam is missing or has changed.
    """
    replace_functions(late_seams(service))


def get_module(original: Callable[[str], Any], name: str) -> Any:
    """A service's module, with its functions replaced if it is loaded late."""
    module = original(name)
    if name in LATE_SERVICES:
        install_late(name)
    return module


@functools.cache
def install() -> None:
    """Replace the functions, once per process.

    Raises:
        EmulatorChangedError: a seam is missing or has changed.
    """
    replace_functions((*SEAMS, Seam(app, "_get_module", "(name: str)", get_module, wraps=True)))
    for addition in ADDITIONS:
        getattr(addition.module, addition.table)[addition.call] = addition.answer
