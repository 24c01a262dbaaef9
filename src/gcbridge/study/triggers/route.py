"""One event against every trigger of a bridge: which workflows it would start, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.model.bridge import Bridge
from gcbridge.model.route import FieldFinding, TriggerRoute
from gcbridge.model.trigger import Trigger, WorkflowReference
from gcbridge.study.triggers.criteria import Verdict, judge_all
from gcbridge.study.triggers.inputs import workflow_input


def route_to_triggers(
    bridge: Bridge, event: Mapping[str, Any], *, explain: bool = False
) -> tuple[TriggerRoute, ...]:
    """What each trigger of the bridge does with an event: first those that match, then the nearest.

    Args:
        bridge: whose triggers.
        event: an EventBridge event; its `detail-type` is the topic, `detail.eventBody` what criteria look at.
        explain: say of every criterion what was wanted and what was there.
    """
    found = [_route(trigger, event, explain) for trigger in bridge.triggers]
    return tuple(sorted(found, key=lambda one: (not one.matched, one.other_topic, one.misses, one.trigger)))


def workflow_text(reference: WorkflowReference) -> str:
    """The workflow in words, such as `flow presence-log`."""
    words = {"flow": "flow", "id": "workflow", "name": "workflow"}
    return f"{words[reference.kind]} {reference.value}"


def _route(trigger: Trigger, event: Mapping[str, Any], explain: bool) -> TriggerRoute:
    topic, body = str(event.get("detail-type", "")), _body(event)
    other_topic = topic != trigger.topic
    verdicts = () if other_topic else judge_all(trigger.match_json, body)
    missed = [verdict for verdict in verdicts if not verdict.holds]
    matched = not other_topic and not missed
    return TriggerRoute(
        trigger=trigger.name,
        enabled=trigger.enabled,
        matched=matched,
        workflow=workflow_text(trigger.workflow),
        data_format=trigger.data_format,
        input=workflow_input(body, trigger.data_format) if matched and trigger.enabled else None,
        ttl_seconds=trigger.ttl_seconds,
        delay_seconds=trigger.delay_seconds,
        miss=_miss(trigger, missed, topic if other_topic else ""),
        misses=1 if other_topic else len(missed),
        other_topic=other_topic,
        fields=_fields(verdicts) if explain else (),
    )


def _body(event: Mapping[str, Any]) -> Any:
    detail = event.get("detail")
    return detail.get("eventBody") if isinstance(detail, Mapping) else None


def _miss(trigger: Trigger, missed: list[Verdict], other_topic: str) -> str:
    if other_topic:
        return f"topic: is {other_topic}; wanted {trigger.topic}"
    return f"{missed[0].path}: {missed[0].miss}" if missed else ""


def _fields(verdicts: tuple[Verdict, ...]) -> tuple[FieldFinding, ...]:
    return tuple(
        FieldFinding(
            path=verdict.path,
            wanted=(verdict.wanted,),
            found=verdict.found,
            matched=verdict.holds,
            nearest_miss=verdict.miss,
        )
        for verdict in verdicts
    )
