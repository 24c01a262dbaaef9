"""Remembers probes on disk, so that a probe left behind by a crash can be found and removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from gcbridge.atomic import write_atomically
from gcbridge.aws.probe_names import ProbeNames


class ProbeJournal:
    """A folder with one small file for each probe; processes that share it never write the same file.

    Args:
        folder: made when the first probe is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, names: ProbeNames) -> None:
        """The entry appears whole or not at all."""
        write_atomically(self._path(names.run_id), names.model_dump_json(indent=2), mode=0o600)

    def remove(self, run_id: str) -> None:
        """Removing an entry twice is no mistake."""
        self._path(run_id).unlink(missing_ok=True)

    def entries(self) -> Iterator[ProbeNames]:
        """Every readable entry; a file that is none of ours is left alone."""
        for path in sorted(self.folder.glob("*.json")):
            names = _read(path)
            if names is not None:
                yield names

    def _path(self, run_id: str) -> Path:
        return self.folder / f"{run_id}.json"


def _read(path: Path) -> ProbeNames | None:
    with suppress(OSError, ValidationError):
        return ProbeNames.model_validate_json(path.read_text(encoding="utf-8"))
    return None
