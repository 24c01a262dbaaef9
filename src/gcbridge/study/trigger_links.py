"""Links of triggers: each is there as declared, and Genesys Cloud's own test of it finds nothing wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from gcbridge.model.bridge import Bridge
from gcbridge.model.result import Check, Fault, GenesysObservation
from gcbridge.model.trigger import Trigger
from gcbridge.model.trigger_observation import (
    PartName,
    SeenTrigger,
    TriggerObservation,
    TriggerTest,
    TriggerTestPart,
    UntestedTrigger,
)
from gcbridge.study.link import Finding, Link, broken, holds, untold
from gcbridge.study.sending_links import ORGANIZATION
from gcbridge.study.traffic.expectations import same_json
from gcbridge.study.triggers.criteria import wanted_text

TRIGGER = "trigger "
TEST_OF = "test of trigger "
PLACE = "Admin > Architect > Triggers"


def trigger_links(bridge: Bridge, seen: GenesysObservation | Fault) -> tuple[Link, ...]:
    """Two links for each trigger of the bridge; none where it has none.

    Args:
        bridge: what ought to be.
        seen: what Genesys Cloud says.
    """
    return tuple(link for trigger in bridge.triggers for link in _links_of(bridge, trigger, seen))


def is_of_trigger(check: Check) -> bool:
    """Whether a check looks at a trigger, which no event on its way to AWS passes."""
    return check.name.startswith((TRIGGER, TEST_OF))


def choose_trigger(trigger: Trigger, found: tuple[TriggerObservation, ...]) -> TriggerObservation | None:
    """Of several triggers of one name the one that has the declared topic; else the first."""
    return next((one for one in found if one.topic == trigger.topic), found[0] if found else None)


def _links_of(bridge: Bridge, trigger: Trigger, seen: GenesysObservation | Fault) -> Iterator[Link]:
    name = f"{TRIGGER}{trigger.name}"
    yield Link(name, (ORGANIZATION,), partial(_judge_trigger, bridge, trigger, seen))
    yield Link(f"{TEST_OF}{trigger.name}", (name,), partial(_judge_test, bridge, trigger, seen))


def _seen_of(trigger: Trigger, seen: GenesysObservation | Fault) -> SeenTrigger | Fault:
    triggers = seen if isinstance(seen, Fault) else seen.triggers
    if isinstance(triggers, Fault):
        return triggers
    return next((one for one in triggers if one.name == trigger.name), SeenTrigger(name=trigger.name))


def _judge_trigger(bridge: Bridge, trigger: Trigger, seen: GenesysObservation | Fault) -> Finding:
    mine = _seen_of(trigger, seen)
    if isinstance(mine, Fault):
        return broken(f"triggers cannot be listed: {mine.summary}", f"a trigger {trigger.title!r}", mine.hint)
    there = choose_trigger(trigger, mine.found)
    if there is None:
        return broken(
            f"no trigger {trigger.title!r}",
            f"a trigger {trigger.title!r}",
            _again(bridge, "somebody deleted it in Genesys Cloud"),
        )
    twins = [one for one in mine.found if one.enabled and one.topic == trigger.topic]
    if len(twins) > 1 and trigger.enabled:
        return broken(
            f"{len(twins)} enabled triggers {trigger.title!r} listen to {trigger.topic}",
            "one, so that an event starts the workflow once",
            f"delete the others in Genesys Cloud under {PLACE}; ids: {', '.join(one.trigger_id for one in twins)}",
        )
    for observed, expected, hint in _differences(bridge, trigger, there, mine):
        return broken(observed, expected, hint)
    return holds(_summary(trigger, there, mine))


def _again(bridge: Bridge, why: str) -> str:
    return f"{why}, or it was not applied yet: type: gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"


def _summary(trigger: Trigger, there: TriggerObservation, mine: SeenTrigger) -> str:
    what = mine.workflow.name if mine.workflow else there.workflow_id
    state = "enabled" if trigger.enabled else "disabled, as declared"
    return (
        f"{state}; {trigger.topic} starts {what!r}"
        if mine.workflow
        else f"{state}; {trigger.topic} starts workflow {what}"
    )


def _differences(
    bridge: Bridge, trigger: Trigger, there: TriggerObservation, mine: SeenTrigger
) -> Iterator[tuple[str, str, str]]:
    if there.enabled != trigger.enabled:
        words = {True: "enabled", False: "disabled"}
        verb = "off" if trigger.enabled else "on"
        yield (
            words[there.enabled],
            words[trigger.enabled],
            _again(bridge, f"somebody switched it {verb} in Genesys Cloud under {PLACE}"),
        )
    pairs = (
        (f"topic {there.topic}", f"topic {trigger.topic}"),
        _match_texts(there.match, json.loads(trigger.match_json)),
        (f"data format {there.data_format or '(none)'}", f"data format {trigger.data_format}"),
        (
            _timing(there.ttl_seconds, there.delay_seconds),
            _timing(trigger.ttl_seconds, trigger.delay_seconds),
        ),
    )
    for observed, expected in pairs:
        if observed != expected:
            yield observed, expected, _again(bridge, f"somebody edited it in Genesys Cloud under {PLACE}")
    yield from _other_workflow(bridge, trigger, there, mine)


def _other_workflow(
    bridge: Bridge, trigger: Trigger, there: TriggerObservation, mine: SeenTrigger
) -> Iterator[tuple[str, str, str]]:
    """By id where one is declared, else by name; a workflow that is gone is named by the trigger's test."""
    hint = _again(bridge, "somebody turned it to another workflow")
    reference = trigger.workflow
    if reference.kind == "id":
        if there.workflow_id.lower() != reference.value:
            yield f"it starts workflow {there.workflow_id}", f"workflow {reference.value}", hint
        return
    wanted = reference.value if reference.kind == "name" else mine.workflow_name
    if mine.workflow and wanted and mine.workflow.name != wanted:
        yield f"it starts {mine.workflow.name!r}", f"workflow {wanted!r}", hint


def _match_texts(there: Sequence[Any], declared: Sequence[Any]) -> tuple[str, str]:
    """Both criteria in words, which are the same where the criteria are, whatever keys stand beside them."""
    if same_json([*map(_compared, there)], [*map(_compared, declared)]):
        return "", ""
    words = _match_text(there), _match_text(declared)
    # Words leave out the end of long values.
    return words if words[0] != words[1] else (json.dumps(there), json.dumps(declared))


def _compared(criterion: Mapping[str, Any]) -> list[Any]:
    wanted = criterion.get("values") or criterion.get("value")
    return [criterion["jsonPath"], criterion["operator"], wanted]


def _match_text(match: Sequence[Any]) -> str:
    told = [f"{one['jsonPath']} {one['operator']} {_values_text(one)}" for one in match]
    return "; ".join(told) or "no criteria"


def _values_text(criterion: Mapping[str, Any]) -> str:
    wanted = criterion.get("values") or criterion.get("value")
    return wanted_text(str(criterion["operator"]), wanted) or json.dumps(wanted)


def _timing(ttl: int | None, delay: int | None) -> str:
    parts = [f"ttl {ttl} s"] if ttl else []
    parts += [f"delay {delay} s"] if delay else []
    return ", ".join(parts) or "no ttl, no delay"


def _judge_test(bridge: Bridge, trigger: Trigger, seen: GenesysObservation | Fault) -> Finding:
    mine = _seen_of(trigger, seen)
    test = None if isinstance(mine, Fault) else mine.test
    if not trigger.enabled:
        return untold("disabled, as declared: it starts nothing")
    if isinstance(mine, Fault) or test is None:
        return untold("not tested")
    if isinstance(test, UntestedTrigger):
        return untold(test.reason, test.hint)
    for part in test.parts:
        if not part.holds and _counts(part, mine):
            return broken(
                _part_text(part),
                f"{part.name} without a fault",
                _HINTS[part.name].format(
                    environment=bridge.environment, workflow=_workflow_of(mine, trigger)
                ),
            )
    for part in test.parts:
        if not part.holds and part.name == "schemaValidation":
            return untold(_part_text(part), _HINTS[part.name].format(environment=bridge.environment))
    told = ", ".join(part.name for part in test.parts if part.holds)
    return holds(f"Genesys Cloud's test finds nothing wrong: {told}{_doubt(test, mine)}")


def _counts(part: TriggerTestPart, mine: SeenTrigger) -> bool:
    """A sample that does not meet the criteria says nothing of them; one that is no event of the topic says nothing of the trigger."""
    if part.name == "schemaValidation":
        return False
    return part.name != "jsonPathValidation" or bool(mine.sample_matches)


def _part_text(part: TriggerTestPart) -> str:
    return f"{part.name}: {'; '.join(part.details) or 'failed'}"


def _doubt(test: TriggerTest, mine: SeenTrigger) -> str:
    if mine.sample_matches and test.matches:
        return "; a sample that meets the criteria would start the workflow"
    return "" if mine.sample_matches else "; no sample that meets the criteria could be made"


def _workflow_of(mine: SeenTrigger, trigger: Trigger) -> str:
    there = choose_trigger(trigger, mine.found)
    return mine.workflow.name if mine.workflow else (there.workflow_id if there else trigger.workflow.value)


_HINTS: Mapping[PartName, str] = {
    "schemaValidation": (
        "Genesys Cloud does not take the sample that gcbridge made for an event of the topic, so it proves nothing; ask the organization for "
        "the topic's fields: gcbridge topics refresh {environment}, and verify again"
    ),
    "targetValidation": (
        "the workflow {workflow} cannot be started: see in Genesys Cloud under Admin > Architect whether it is there, published, and a workflow "
        "with inputs for what it is handed; to deploy it again: gcbridge plan {environment} && gcbridge apply {environment}"
    ),
    "jsonPathValidation": (
        "an event that ought to meet the criteria does not, by Genesys Cloud's reckoning: check json_path and value of the criterion; "
        "gcbridge route {environment} EVENT --explain shows what gcbridge makes of it"
    ),
}
