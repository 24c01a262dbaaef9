"""TriggerSpec and FlowSpec -> Trigger and Flow: titles, criteria as Genesys Cloud takes them, which workflow is meant."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from typing import Any

from gcbridge.model.trigger import Flow, Trigger, WorkflowReference
from gcbridge.model.trigger_spec import FlowSpec, MatchSpec, TriggerSpec
from gcbridge.study.target_names import fitting

TITLE_MAX = 256
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def resolve_trigger(environment: str, name: str, written: TriggerSpec, flows: Container[str]) -> Trigger:
    """A trigger follows from its key and what is written there.

    Args:
        environment: name of the environment, part of the default title.
        name: key of the trigger.
        written: what stands there.
        flows: keys of the environment's flows.
    """
    return Trigger(
        name=name,
        title=trigger_title(environment, name, written.name),
        topic=written.topic,
        workflow=workflow_reference(written.workflow, flows),
        match_json=_canonical([_criterion(one) for one in written.match]),
        data_format=written.data_format,
        ttl_seconds=written.ttl,
        delay_seconds=written.delay,
        enabled=written.enabled,
        description=written.description,
    )


def resolve_flow(name: str, written: FlowSpec) -> Flow:
    """A flow follows from its key and what is written there.

    Args:
        name: key of the flow.
        written: what stands there.
    """
    return Flow(
        name=name,
        file=written.file,
        substitutions=tuple(sorted(written.substitutions.items())),
        force_unlock=written.force_unlock,
    )


def trigger_title(environment: str, name: str, written: str | None = None) -> str:
    """The trigger's name in Genesys Cloud.

    >>> trigger_title("dev", "away")
    'gcbridge dev away'
    """
    return written or fitting(f"gcbridge {environment} {name}", TITLE_MAX)


def workflow_reference(written: str, flows: Container[str]) -> WorkflowReference:
    """A key of `flows:` comes first, then what looks like an id; anything else is a name in the organization."""
    if written in flows:
        return WorkflowReference(kind="flow", value=written)
    if _ID.fullmatch(written):
        return WorkflowReference(kind="id", value=written.lower())
    return WorkflowReference(kind="name", value=written)


def _criterion(written: MatchSpec) -> dict[str, Any]:
    """Genesys Cloud takes one of value and values."""
    compared = {"values": list(written.values)} if written.values is not None else {"value": written.value}
    return {"jsonPath": written.json_path, "operator": written.operator, **compared}


def _canonical(criteria: list[dict[str, Any]]) -> str:
    return json.dumps(criteria, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
