"""Files that a verification leaves: evidence, a page, JUnit XML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError
from gcbridge.model.plan import PlanBundle
from gcbridge.model.progress import Progress
from gcbridge.model.result import VerificationReport
from gcbridge.study.evidence import KEY_VARIABLE, gather_evidence, sign
from gcbridge.study.report.junit import junit_xml
from gcbridge.study.report.page import html_page
from gcbridge.version import VERSION
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.evidence_file import write_evidence
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.plan_bundles import BUNDLE_FILE, read_bundle, read_progress


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Files that were asked for beside the evidence; None writes none."""

    junit: Path | None = None
    html: Path | None = None


def write_reports(
    rooms: Rooms, environment: Environment, report: VerificationReport, files: ReportFiles
) -> None:
    """A passed verification of real events leaves evidence; whatever was asked for is written in any case.

    Args:
        rooms: doors to the outside; `GCBRIDGE_EVIDENCE_KEY` in its variables signs the evidence.
        environment: what was verified.
        report: what came of it.
        files: what was asked for.

    Raises:
        GcbridgeError: a file cannot be written.
        UsageError: the key is too short.
    """
    bridge = environment.resolve()
    if files.junit:
        _write(files.junit, junit_xml(report))
    if files.html:
        _write(files.html, html_page(bridge, report, VERSION))
    if report.verdict == "failed" or not report.traces:
        return
    evidence = gather_evidence(
        bridge,
        report,
        environment_digest=environment.digest,
        stacks=rooms.render(bridge),
        applied=find_applied(rooms.workspace, environment.name),
        tool_version=VERSION,
    )
    signed = sign(evidence, rooms.environ.get(KEY_VARIABLE))
    path = rooms.workspace.shown(write_evidence(rooms.workspace, signed))
    how = "signed" if signed.signature else f"not signed: {KEY_VARIABLE} is not set"
    rooms.watch(Progress("evidence", "note", f"{path} ({how})"))


def find_applied(workspace: Workspace, environment: str) -> PlanBundle | None:
    """The newest bundle of this workspace that was applied whole, or None.

    Args:
        workspace: where bundles lie.
        environment: whose.
    """
    plans = workspace.plans_folder(environment)
    for folder in sorted((path.parent for path in plans.glob(f"*/{BUNDLE_FILE}")), reverse=True):
        try:
            bundle = read_bundle(folder)
        except GcbridgeError:
            continue
        if read_progress(folder).finished and not bundle.destroy:
            return bundle
    return None


def _write(path: Path, text: str) -> None:
    try:
        write_atomically(path, text)
    except OSError as error:
        raise GcbridgeError("the report cannot be written", where=str(path), detail=str(error)) from error
