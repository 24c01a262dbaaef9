"""One event against every rule and trigger of a bridge: who receives what, and why the others receive nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.route import Delivery, EventRoute, FieldFinding, MatchedRule, UnmatchedRule
from gcbridge.routing import Explanation, FieldVerdict, Router
from gcbridge.study.input_transformer import transform_input
from gcbridge.study.traffic.own_event import OwnEvent, take_for_own
from gcbridge.study.triggers.route import route_to_triggers

DETAIL_TYPE = "detail-type"


def router_of(bridge: Bridge) -> Router:
    """All rules of a bridge, disabled ones too, by name.

    Raises:
        InvalidPatternError: EventBridge would refuse a pattern.
    """
    return Router({rule.name: rule.pattern for rule in bridge.rules})


def route_event(
    bridge: Bridge,
    router: Router,
    event: Mapping[str, Any],
    *,
    where: str = "",
    keep_source: bool = False,
    explain: bool = False,
) -> EventRoute:
    """What the bridge's rules and triggers do with an event.

    Args:
        bridge: whose rules.
        router: the same rules; see `router_of`.
        event: an EventBridge event; `detail-type` and `detail` are enough.
        where: where it was read, as `file:line`.
        keep_source: take it literally, origin and missing fields included.
        explain: say of every field what was wanted and what was there.
    """
    own = OwnEvent(dict(event), {}, ()) if keep_source else take_for_own(bridge, event)
    matched = frozenset(router.match(own.event))
    explained = {
        rule.name: router.explain(own.event, rule.name)
        for rule in bridge.rules
        if explain or rule.name not in matched
    }
    missed = [
        _unmatched(rule, explained[rule.name], explain) for rule in bridge.rules if rule.name not in matched
    ]
    return EventRoute(
        event_id=str(own.event.get("id", "")),
        detail_type=str(own.event.get(DETAIL_TYPE, "")),
        where=where,
        replaced=own.replaced,
        added=own.added,
        rules=tuple(
            MatchedRule(
                rule=rule.name,
                enabled=rule.enabled,
                deliveries=deliveries(bridge, rule, own.event),
                fields=_fields(explained[rule.name]) if explain else (),
            )
            for rule in bridge.rules
            if rule.name in matched
        ),
        unmatched=tuple(sorted(missed, key=lambda rule: (rule.other_topic, rule.misses, rule.rule))),
        triggers=route_to_triggers(bridge, own.event, explain=explain),
    )


def deliveries(bridge: Bridge, rule: Rule, event: Mapping[str, Any]) -> tuple[Delivery, ...]:
    """What each target of a rule receives of an event that it matches; nothing where the rule is disabled."""
    if not rule.enabled:
        return ()
    targets = (bridge.target(name) for name in rule.targets)
    return tuple(
        Delivery(
            target=target.name,
            type=target.type,
            text=transform_input(target.input, event, rule.arn),
            whole_event=target.input is None,
        )
        for target in targets
    )


def miss_of(explanation: Explanation) -> str:
    """The first field that kept a rule from matching, in one sentence."""
    if not explanation.misses:
        return "no element of an array fits all of its fields"
    return sentence(explanation.misses[0])


def sentence(field: FieldVerdict) -> str:
    """Why a field did not match.

    >>> sentence(FieldVerdict("detail.eventBody.action", ('"Delete"',), ("Update",), False, '"Update" is not "Delete"'))
    'detail.eventBody.action: "Update" is not "Delete"'
    """
    if field.nearest_miss:
        return f"{field.path}: {field.nearest_miss}"
    found = " and ".join(json.dumps(value, ensure_ascii=False) for value in field.found)
    return f"{field.path}: is {found or 'missing'}; wanted {' or '.join(field.wanted)}"


def _unmatched(rule: Rule, explanation: Explanation, explain: bool) -> UnmatchedRule:
    return UnmatchedRule(
        rule=rule.name,
        enabled=rule.enabled,
        miss=miss_of(explanation),
        misses=len(explanation.misses),
        other_topic=any(field.path == DETAIL_TYPE for field in explanation.misses),
        fields=_fields(explanation) if explain else (),
    )


def _fields(explanation: Explanation) -> tuple[FieldFinding, ...]:
    return tuple(
        FieldFinding(
            path=field.path,
            wanted=field.wanted,
            found=field.found,
            matched=field.matched,
            nearest_miss=field.nearest_miss,
        )
        for field in explanation.fields
    )
