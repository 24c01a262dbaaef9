"""The Architect files of an environment: read, checked, and what their workflows are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gcbridge.errors import EnvironmentInvalidError, GcbridgeError
from gcbridge.model.bridge import Bridge
from gcbridge.model.origin import KeyPath, Origin
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.trigger import Flow, Trigger
from gcbridge.study.flow_checks import (
    flow_name,
    same_workflow_findings,
    shape_findings,
    substituted,
    substitution_findings,
)
from gcbridge.study.resolve_triggers import resolve_flow, resolve_trigger
from gcbridge.study.target_checks import Finding
from gcbridge.study.validate import as_problems
from gcbridge.workspace.flow_files import is_inside, parse_flow, read_flow_text
from gcbridge.workspace.layout import Workspace


def check_flow_files(
    workspace: Workspace, name: str, spec: EnvironmentSpec, origins: Mapping[KeyPath, Origin]
) -> None:
    """Every flow's file is there, is a workflow that its triggers can start, and asks for what it is given.

    Args:
        workspace: where the files lie.
        name: the environment's name.
        spec: the environment, valid in itself.
        origins: file and line of key paths, for messages.

    Raises:
        EnvironmentInvalidError: every problem at once.
    """
    triggers = tuple(resolve_trigger(name, key, one, spec.flows) for key, one in spec.triggers.items())
    flows = [resolve_flow(key, written) for key, written in spec.flows.items()]
    findings = [finding for flow in flows for finding in _findings(workspace, flow, triggers)]
    findings = findings or list(same_workflow_findings(flows, _names(workspace, flows)))
    if findings:
        raise EnvironmentInvalidError(name, as_problems(findings, origins))


def read_flows(workspace: Workspace, bridge: Bridge) -> dict[str, str]:
    """Flow name -> text of its file.

    Raises:
        GcbridgeError: a file is gone, or is not UTF-8 text.
    """
    return {flow.name: read_flow_text(workspace, flow.file) for flow in bridge.flows}


def workflow_names(workspace: Workspace, bridge: Bridge) -> dict[str, str]:
    """Flow name -> what its file calls the workflow; without those that cannot be read just now."""
    return _names(workspace, bridge.flows)


def _names(workspace: Workspace, flows: Iterable[Flow]) -> dict[str, str]:
    names = {}
    for flow in flows:
        try:
            text = substituted(read_flow_text(workspace, flow.file), flow)
            names[flow.name] = flow_name(parse_flow(text, flow.file))
        except GcbridgeError:
            continue
    return names


def _findings(workspace: Workspace, flow: Flow, triggers: tuple[Trigger, ...]) -> Iterator[Finding]:
    path: KeyPath = ("flows", flow.name, "file")
    if not is_inside(workspace, flow.file):
        yield (
            path,
            f"{Path(flow.file).name} must lie in the workspace, and be named relative to it, such as flows/{flow.name}.yaml",
        )
        return
    try:
        text = read_flow_text(workspace, flow.file)
    except GcbridgeError as error:
        yield path, f"{flow.file}: {error.summary}"
        return
    yield from substitution_findings(text, flow)
    try:
        parsed = parse_flow(substituted(text, flow), flow.file)
    except GcbridgeError as error:
        yield path, f"{error.where}: {error.summary}"
        return
    yield from shape_findings(parsed, flow, triggers)
