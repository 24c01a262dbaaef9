"""Evidence on disk: `evidence/<environment>.json`, beside the environments, to be kept in version control."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError
from gcbridge.model.evidence import SignedEvidence
from gcbridge.workspace.layout import Workspace


def evidence_file(workspace: Workspace, environment: str) -> Path:
    """Where the evidence of an environment lies."""
    return workspace.root / "evidence" / f"{environment}.json"


def write_evidence(workspace: Workspace, signed: SignedEvidence) -> Path:
    """Replaces the evidence of an earlier verification.

    Raises:
        GcbridgeError: the file cannot be written.
    """
    path = evidence_file(workspace, signed.evidence.environment)
    try:
        write_atomically(path, signed.model_dump_json(indent=2) + "\n")
    except OSError as error:
        raise GcbridgeError(
            "the evidence cannot be written", where=workspace.shown(path), detail=str(error)
        ) from error
    return path


def read_evidence(workspace: Workspace, environment: str) -> SignedEvidence:
    """The evidence of an environment, whether or not its signature holds.

    Raises:
        GcbridgeError: there is none, or the file is damaged.
    """
    path = evidence_file(workspace, environment)
    try:
        return SignedEvidence.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise GcbridgeError(
            f"there is no evidence of {environment} that this version can read",
            where=workspace.shown(path),
            detail=str(error),
            hint=f"gcbridge verify {environment}",
        ) from error
