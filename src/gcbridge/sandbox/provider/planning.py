"""What terraform-plugin-sdk v2 makes of a proposed state: defaults, computed and suppressed differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gcbridge.sandbox.provider.diagnostics import AttributePath
from gcbridge.sandbox.provider.go_json import equivalent
from gcbridge.sandbox.provider.schema import Attribute, Block
from gcbridge.sandbox.provider.wire import UNKNOWN, Value


@dataclass(frozen=True)
class PlannedChange:
    """The state a resource will have, and the attributes whose change means replacing it."""

    state: dict[str, Value]
    replace: tuple[AttributePath, ...] = ()


def plan_change(
    body: Block, prior: Mapping[str, Value] | None, proposed: Mapping[str, Value]
) -> PlannedChange:
    """The planned state of a resource that is created (`prior` is None) or updated in place."""
    state = dict(proposed) | _plan_attributes(body.attributes, prior or {}, proposed, creating=prior is None)
    replace = () if prior is None else tuple(_changed_force_new(body, prior, state))
    return PlannedChange(state, replace)


def _plan_attributes(
    attributes: Mapping[str, Attribute],
    prior: Mapping[str, Value],
    proposed: Mapping[str, Value],
    *,
    creating: bool,
) -> dict[str, Value]:
    return {
        name: _plan_value(attribute, prior.get(name), proposed.get(name), creating=creating)
        for name, attribute in attributes.items()
    }


def _plan_value(attribute: Attribute, prior: Value, proposed: Value, *, creating: bool) -> Value:
    if proposed is UNKNOWN:
        return UNKNOWN
    if attribute.elements and proposed:
        return _plan_elements(attribute, prior, proposed, creating=creating)
    if proposed is None and attribute.default is not None:
        return attribute.default
    if proposed is None and attribute.computed:
        return UNKNOWN if creating else prior
    if not creating and _same(attribute, prior, proposed):
        return prior
    return proposed


def _plan_elements(
    attribute: Attribute, prior: Value, proposed: list[Value], *, creating: bool
) -> list[Value]:
    before = prior if isinstance(prior, list) else []
    padded = [*before, *[{}] * (len(proposed) - len(before))]
    return [
        _plan_attributes(attribute.elements, old, new, creating=creating) if isinstance(new, dict) else new
        for old, new in zip(padded, proposed, strict=False)
    ]


def _same(attribute: Attribute, prior: Value, proposed: Value) -> bool:
    # To terraform-plugin-sdk v2 an absent value and an empty one are the same.
    if prior in (None, "", [], {}) and proposed in (None, "", [], {}):
        return True
    both_text = isinstance(prior, str) and isinstance(proposed, str)
    return attribute.json_equivalent and both_text and equivalent(prior, proposed)


def _changed_force_new(
    body: Block, prior: Mapping[str, Value], state: Mapping[str, Value]
) -> Iterator[AttributePath]:
    for name, attribute in body.attributes.items():
        if attribute.force_new and prior.get(name) != state[name]:
            yield (name,)
