"""The only door to PureCloudPlatformClientV2: imported late, once, and without its file watcher.

Importing the package takes 2 s and 220 MB (10 s the first time, while Python compiles 6,700 files), and its
module-level `Configuration()` starts a thread that watches `~/.genesyscloudpython`, or the nearest folder
above it that exists: often the whole home folder, recursively. The only switch is `live_reload_config` in the
file `~/.genesyscloudpython/config`, read in that constructor. So `configuration.py`, which imports little, is
loaded before the package body and builds its singleton with a file of ours; `HOME` is never touched, no thread
starts, and a configuration file of the user (another host, a gateway, request logging) has no say here.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from gcbridge.errors import GenesysError

PACKAGE = "PureCloudPlatformClientV2"
_LOGGERS = ("urllib3", "watchdog")
_import_lock = threading.Lock()


def load_sdk() -> ModuleType:
    """The SDK's package; the first call in a process takes seconds, the others nothing.

    Safe to call from several threads: one imports, the others wait.

    Raises:
        GenesysError: the package is not installed, or its layout has changed.
    """
    with _import_lock:
        loaded = sys.modules.get(PACKAGE)
        return loaded if loaded is not None else _import_package()


def prefetch() -> threading.Thread:
    """Starts the import beside other work (a terraform child, say); a failure shows in the next `load_sdk`.

    Returns:
        The thread, already running, for who wants to join it.
    """
    thread = threading.Thread(target=_load_silently, name="genesys-sdk-import", daemon=True)
    thread.start()
    return thread


def _load_silently() -> None:
    try:
        load_sdk()
    except GenesysError:
        return


def _import_package() -> ModuleType:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.loader is None:
        raise GenesysError(
            f"the Python package {PACKAGE} is not installed",
            where=sys.executable,
            hint=f"{sys.executable} -m pip install --upgrade gcbridge",
        )
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    try:
        with _logging_as_found():
            _build_configuration(importlib.import_module(f"{PACKAGE}.configuration"))
        spec.loader.exec_module(package)
    except BaseException as error:
        _forget_package()
        if isinstance(error, Exception):
            raise _cannot_import(error) from error
        raise
    return package


def _build_configuration(configuration: ModuleType) -> None:
    """Makes the singleton while the module looks for its home in a folder of ours."""
    find_home = configuration.expanduser
    with tempfile.TemporaryDirectory(prefix="gcbridge-genesys-") as home:
        settings = Path(home, ".genesyscloudpython", "config")
        settings.parent.mkdir()
        settings.write_text("[general]\nlive_reload_config = false\n", encoding="utf-8")
        configuration.expanduser = lambda _path: home  # type: ignore[attr-defined]
        try:
            configuration.Configuration()
        finally:
            configuration.expanduser = find_home  # type: ignore[attr-defined]


@contextmanager
def _logging_as_found() -> Iterator[None]:
    """The SDK silences urllib3 for the whole process, boto3's connections included; this gives the voice back."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    try:
        yield
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.propagate = propagate


def _forget_package() -> None:
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]


def _cannot_import(error: Exception) -> GenesysError:
    return GenesysError(
        f"the Python package {PACKAGE} cannot be imported",
        where=sys.executable,
        detail=f"{type(error).__name__}: {error}",
        hint=f"{sys.executable} -m pip install --upgrade gcbridge, or run with --debug",
    )
