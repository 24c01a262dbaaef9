"""Plan bundles on disk: a folder with both binary plans, their JSON, the bundle's facts, and how far it was applied."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError, PlanOutdatedError
from gcbridge.model.base import Frozen
from gcbridge.model.plan import PlanBundle, PlannedStack
from gcbridge.model.stack import StackName

BUNDLE_FILE = "bundle.json"
PROGRESS_FILE = "progress.json"

StackProgress = Literal["untouched", "started", "applied"]


class BundleProgress(Frozen):
    """How far a bundle was applied; `finished` means that everything awaited afterwards has come, too."""

    genesys: StackProgress = "untouched"
    aws: StackProgress = "untouched"
    finished: bool = False

    def of(self, stack: StackName) -> StackProgress:
        """How far one stack was applied."""
        return self.genesys if stack is StackName.GENESYS else self.aws


def plan_file(stack: StackName) -> str:
    """File name of a stack's binary plan inside a bundle."""
    return f"{stack}.tfplan"


def lock_file(stack: StackName) -> str:
    """File name of a stack's dependency lock inside a bundle."""
    return f"{stack}.terraform.lock.hcl"


def new_bundle_id(now: datetime, digest: str) -> str:
    """A bundle's id sorts by time and tells two of the same second apart."""
    return f"{now.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}-{digest[:8]}"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_show(folder: Path, stack: StackName, show: dict[str, Any]) -> None:
    """Keep `terraform show -json` of a plan beside the plan, readable by its owner only."""
    write_atomically(folder / f"{stack}.json", json.dumps(show, indent=1, sort_keys=True) + "\n", mode=0o600)


def write_bundle(folder: Path, bundle: PlanBundle) -> None:
    """The facts are written last: a folder without them is no bundle."""
    write_atomically(folder / BUNDLE_FILE, bundle.model_dump_json(indent=2) + "\n")


def read_bundle(folder: Path) -> PlanBundle:
    """Read a bundle and make sure its plan files are the ones it was made with.

    Raises:
        GcbridgeError: the folder holds no bundle.
        PlanOutdatedError: a plan file is missing or was changed.
    """
    path = folder / BUNDLE_FILE
    try:
        bundle = PlanBundle.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise GcbridgeError(
            f"{folder} holds no plan bundle this version can read", where=str(path), hint="gcbridge plan ENV"
        ) from error
    for stack in (bundle.genesys, bundle.aws):
        _check_plan_file(folder, stack, bundle)
    return bundle


def _check_plan_file(folder: Path, stack: PlannedStack, bundle: PlanBundle) -> None:
    path = folder / stack.plan_file
    if not path.is_file() or sha256_of(path) != stack.plan_sha256:
        raise PlanOutdatedError(
            f"plan bundle {bundle.id} is damaged: {stack.plan_file} is not the file it was made with",
            where=str(path),
            hint=f"gcbridge plan {bundle.environment}",
        )


def newest_bundle(plans: Path) -> Path | None:
    """Folder of the newest bundle, or None."""
    folders = sorted(path.parent for path in plans.glob(f"*/{BUNDLE_FILE}"))
    return folders[-1] if folders else None


def remove_bundle(folder: Path) -> None:
    """A bundle that nobody wanted must not lie there to be applied; its facts go first, so that it is none at once."""
    (folder / BUNDLE_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def read_progress(folder: Path) -> BundleProgress:
    """How far a bundle was applied."""
    path = folder / PROGRESS_FILE
    return BundleProgress.model_validate_json(path.read_bytes()) if path.is_file() else BundleProgress()


def record_progress(folder: Path, stack: StackName, progress: StackProgress) -> None:
    """Record how far a stack of the bundle was applied, before and after the fact."""
    _write_progress(folder, read_progress(folder).model_copy(update={stack.value: progress}))


def record_finished(folder: Path) -> None:
    """Record that nothing of the bundle is left to do, so that it cannot be applied again."""
    _write_progress(folder, read_progress(folder).model_copy(update={"finished": True}))


def _write_progress(folder: Path, progress: BundleProgress) -> None:
    write_atomically(folder / PROGRESS_FILE, progress.model_dump_json() + "\n")
