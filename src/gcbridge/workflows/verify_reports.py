"""Files that a verification leaves: evidence, a page, JUnit XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.errors import GcbridgeError
from gcbridge.model.plan import PlanBundle
from gcbridge.model.progress import Progress
from gcbridge.model.result import VerificationReport
from gcbridge.study.evidence import KEY_VARIABLE, check_length, gather_evidence, sign
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


def check_key(rooms: Rooms) -> None:
    """A key that cannot sign is told before the verification, which may take an hour, and not after it.

    Raises:
        UsageError: the key is too short.
    """
    check_length(rooms.environ.get(KEY_VARIABLE))


def write_reports(
    rooms: Rooms, environment: Environment, report: VerificationReport, files: ReportFiles
) -> tuple[GcbridgeError, ...]:
    """A passed verification of real events leaves evidence; whatever was asked for is written in any case.

    Args:
        rooms: doors to the outside; `GCBRIDGE_EVIDENCE_KEY` in its variables signs the evidence.
        environment: what was verified.
        report: what came of it.
        files: what was asked for.

    Returns:
        Why files could not be written; each of them is tried, whatever became of the others.
    """
    junit, html = files.junit, files.html
    writers: list[Callable[[], None]] = []
    if junit:
        writers.append(lambda: _write(junit, junit_xml(report)))
    if html:
        writers.append(lambda: _write(html, html_page(environment.resolve(), report, VERSION)))
    if report.verdict == "passed" and report.traces:
        writers.append(lambda: _leave_evidence(rooms, environment, report))
    return tuple(failure for failure in map(_try, writers) if failure is not None)


def _try(write: Callable[[], None]) -> GcbridgeError | None:
    try:
        write()
    except GcbridgeError as error:
        return error
    return None


def _leave_evidence(rooms: Rooms, environment: Environment, report: VerificationReport) -> None:
    bridge = environment.resolve()
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
        raise GcbridgeError(
            "the report cannot be written",
            where=str(path),
            detail=str(error),
            hint="the verdict stands; name a file in a folder that can be written to",
        ) from error
