"""Targets of one name that are not one thing: what an event comes to can change though its path does not."""

from __future__ import annotations

from typing import Any

from gcbridge.model.bridge import Bridge
from gcbridge.model.simulation import TargetDeclaration
from gcbridge.model.target import AnyTarget, ExistingTarget

COMPARED_BY_TEXT = "input"
"""Whether another `input` makes another text is found event by event."""


def redeclared(before: Bridge, after: Bridge) -> tuple[TargetDeclaration, ...]:
    """The targets that both bridges have and declare otherwise, with the first values that differ.

    Args:
        before: what is compared with.
        after: what is simulated.
    """
    declared = {target.name: _declared(target) for target in before.targets}
    return tuple(
        _difference(target.name, declared[target.name], _declared(target))
        for target in after.targets
        if target.name in declared and declared[target.name] != _declared(target)
    )


def _declared(target: AnyTarget) -> dict[str, Any]:
    """What was written, without what follows from the environment's name and account."""
    if isinstance(target, ExistingTarget):
        kept = {"arn", "message_group", "partition_key_path", "http"}
        return {"type": target.written_type, **target.model_dump(mode="json", include=kept)}
    written = target.spec.model_dump(mode="json", exclude={COMPARED_BY_TEXT})
    return {"type": target.type, **written}


def _difference(name: str, before: dict[str, Any], after: dict[str, Any]) -> TargetDeclaration:
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    key = "type" if "type" in keys else keys[0]
    return TargetDeclaration(
        name=name, key=key, before=str(before.get(key)), after=str(after.get(key)), keys=len(keys)
    )
