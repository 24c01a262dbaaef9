"""What the root module `genesys` says of flows and triggers, beside what stands in the Bridge itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from gcbridge.model.bridge import Bridge
from gcbridge.model.trigger import Flow, Trigger
from gcbridge.study.hcl import Reference


def flow_path(flow: Flow) -> PurePosixPath:
    """Where a flow's file lies in the root module."""
    return PurePosixPath("flows", f"{flow.name}.yaml")


def trigger_values(bridge: Bridge) -> dict[str, Any]:
    """Names of template variables -> what they stand for."""
    return {
        "flow_files": {flow.name: str(flow_path(flow)) for flow in bridge.flows},
        "flow_ids": {flow.name: Reference(f"module.flow_{flow.name}.id") for flow in bridge.flows},
        "workflow_ids": {trigger.name: _workflow_id(trigger) for trigger in bridge.triggers},
        "trigger_ids": {
            trigger.name: Reference(f"module.trigger_{trigger.name}.id") for trigger in bridge.triggers
        },
    }


def flow_texts(bridge: Bridge, flows: Mapping[str, str]) -> dict[PurePosixPath, str]:
    """Path in the root module -> text of each flow, so that the text is part of the stack's digest.

    Args:
        bridge: whose flows.
        flows: flow name -> text of its file.
    """
    return {flow_path(flow): flows[flow.name] for flow in bridge.flows}


def _workflow_id(trigger: Trigger) -> str | Reference:
    workflow = trigger.workflow
    if workflow.kind == "flow":
        return Reference(f"module.flow_{workflow.value}.id")
    return (
        workflow.value
        if workflow.kind == "id"
        else Reference(f"data.genesyscloud_flow.trigger_{trigger.name}.id")
    )
