"""What a plan would do, read from `terraform show -json`.

Source of the format: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gcbridge.errors import TerraformError
from gcbridge.model.plan import Action, AttributeChange, PlanSummary, ResourceChange
from gcbridge.model.stack import StackName

SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"

_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
}
_REPLACE_REASONS = {
    "replace_because_tainted": "(tainted)",
    "replace_by_request": "(asked for)",
    "replace_by_triggers": "(replace_triggered_by)",
}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def summarize_plan(show: Mapping[str, Any], stack: StackName) -> PlanSummary:
    """Only what applying would touch: no-ops, reads and drift are left out; order is Terraform's own.

    Args:
        show: what `terraform show -json PLAN` prints.
        stack: whose plan it is.

    Raises:
        TerraformError: the format has another major version than 1.
    """
    version = str(show.get("format_version", ""))
    if version.split(".", maxsplit=1)[0] != "1":
        raise TerraformError(
            f"gcbridge does not know plan format {version or '(none)'}",
            hint="use a Terraform whose plan format is 1.x, or a newer gcbridge",
        )
    return PlanSummary(
        stack=stack,
        changes=tuple(_read_changes(show.get("resource_changes", []), _read_drift(show))),
        output_changes=tuple(
            name for name, change in show.get("output_changes", {}).items() if change["actions"] != ["no-op"]
        ),
    )


_Drift = Mapping[str, Mapping[str, AttributeChange]]
"""Address -> path -> what was changed outside Terraform since the last apply."""


def _read_drift(show: Mapping[str, Any]) -> _Drift:
    return {
        _address(resource): {item.path: item for item in _attributes(resource["change"])}
        for resource in show.get("resource_drift", [])
        if resource["change"]["actions"] == ["update"]
    }


def _read_changes(resource_changes: list[dict[str, Any]], drift: _Drift) -> Iterator[ResourceChange]:
    for resource in resource_changes:
        change = resource["change"]
        action = _ACTIONS.get(tuple(change["actions"]))
        if action is not None and resource.get("mode") != "data":
            address = _address(resource)
            yield ResourceChange(
                address=address,
                action=action,
                type=resource.get("type", ""),
                name=_name(change) if action in {"delete", "replace"} else "",
                attributes=tuple(_marked_attributes(change, drift.get(address, {})))
                if action in {"update", "replace"}
                else (),
                replace_reasons=_replace_reasons(resource) if action == "replace" else (),
            )


def _name(change: Mapping[str, Any]) -> str:
    before = _Side(change.get("before"), change.get("before_sensitive"))
    names = (before.child(key) for key in ("name", "bucket"))
    return next((str(name.value) for name in names if name.value and name.sensitive is not True), "")


def _marked_attributes(
    change: Mapping[str, Any], drift: Mapping[str, AttributeChange]
) -> Iterator[AttributeChange]:
    for item in _attributes(change):
        outside = drift.get(item.path)
        undone = outside is not None and (outside.before, outside.after) == (item.after, item.before)
        yield item.model_copy(update={"undoes_drift": True}) if undone else item


def _address(resource: Mapping[str, Any]) -> str:
    # What a failed replacement left behind is deleted under the address of its successor.
    deposed = resource.get("deposed")
    address: str = resource["address"]
    return f"{address} (deposed object {deposed})" if deposed else address


def _replace_reasons(resource: Mapping[str, Any]) -> tuple[str, ...]:
    paths = tuple(_path_text(tuple(path)) for path in resource["change"].get("replace_paths", []))
    reason = _REPLACE_REASONS.get(resource.get("action_reason", ""))
    return paths + ((reason,) if reason else ())


@dataclass(frozen=True, slots=True)
class _Side:
    """One value at one path, with what Terraform knows about it."""

    value: Any
    sensitive: Any = False
    unknown: Any = False

    def child(self, key: str | int) -> _Side:
        return _Side(_pick(self.value, key), _pick(self.sensitive, key), _pick(self.unknown, key))

    @property
    def shown(self) -> Any:
        """The value as people may see it."""
        if self.unknown is True:
            return UNKNOWN
        if self.sensitive is True:
            return SENSITIVE
        if isinstance(self.value, dict):
            return {key: self.child(key).shown for key in self.value}
        if isinstance(self.value, list):
            return [self.child(index).shown for index in range(len(self.value))]
        return self.value


def _attributes(change: Mapping[str, Any]) -> Iterator[AttributeChange]:
    before = _Side(change.get("before"), change.get("before_sensitive"))
    after = _Side(change.get("after"), change.get("after_sensitive"), change.get("after_unknown"))
    return _differences(before, after, ())


def _differences(before: _Side, after: _Side, path: tuple[str | int, ...]) -> Iterator[AttributeChange]:
    if True in (before.sensitive is True, after.sensitive is True, after.unknown is True):
        yield from _hidden_difference(before, after, path)
        return
    keys = _keys(before, after)
    if keys:
        for key in keys:
            yield from _differences(before.child(key), after.child(key), (*path, key))
    elif not _is_equal(before.value, after.value):
        inside = list(_json_differences(before.value, after.value, path))
        yield from inside or [AttributeChange(path=_path_text(path), before=before.shown, after=after.shown)]


def _hidden_difference(before: _Side, after: _Side, path: tuple[str | int, ...]) -> Iterator[AttributeChange]:
    is_sensitive = before.sensitive is True or after.sensitive is True
    if after.unknown is True or not _is_equal(before.value, after.value):
        yield AttributeChange(
            path=_path_text(path),
            before=SENSITIVE if is_sensitive else before.shown,
            after=UNKNOWN if after.unknown is True else SENSITIVE,
        )


def _json_differences(before: Any, after: Any, path: tuple[str | int, ...]) -> Iterator[AttributeChange]:
    """Policies and event patterns are JSON in a string; what changed inside is what people want to see."""
    old, new = _parse_object(before), _parse_object(after)
    if old is not None and new is not None:
        yield from _differences(_Side(old), _Side(new), path)


def _keys(before: _Side, after: _Side) -> list[str] | list[int]:
    """Keys to look into when both sides are of one kind, or one side is null."""
    parts = (before.value, after.value, after.unknown)
    containers = [part for part in parts if isinstance(part, (dict, list)) and part]
    values = [value for value in (before.value, after.value) if value is not None and value not in ({}, [])]
    if containers and all(isinstance(value, dict) for value in values):
        mappings = [part for part in containers if isinstance(part, dict)]
        return sorted({key for mapping in mappings for key in mapping})
    if (
        containers
        and all(isinstance(value, list) for value in values)
        and not _are_plain_lists(before, after)
    ):
        return list(range(max(len(part) for part in containers if isinstance(part, list))))
    return []


def _are_plain_lists(before: _Side, after: _Side) -> bool:
    """Lists of scalars read best whole: one value taken out would otherwise look like a change of all behind it."""
    hidden = (before.sensitive, after.sensitive, after.unknown)
    items = [item for side in (before, after) for item in side.value or []]
    return not any(hidden) and not any(isinstance(item, (dict, list)) for item in items)


def _pick(value: Any, key: str | int) -> Any:
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _parse_object(text: Any) -> dict[str, Any] | None:
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return None
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _is_equal(before: Any, after: Any) -> bool:
    # Older provider SDKs cannot tell null from "", and Terraform's own display takes them for equal too.
    if before in (None, "") and after in (None, ""):
        return True
    # Python holds True == 1 == 1.0; in a policy they are not the same.
    return json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)


def _path_text(path: tuple[str | int, ...]) -> str:
    """Write a path as Terraform does: `event_pattern.detail.action[0]`, `tags["gcbridge:environment"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _IDENTIFIER.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text
