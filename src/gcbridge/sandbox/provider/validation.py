"""What the real provider refuses before it plans, in terraform-plugin-sdk v2's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gcbridge.sandbox.provider.diagnostics import WHOLE_BLOCK, AttributePath, ProviderError
from gcbridge.sandbox.provider.schema import Attribute, Block, Check, Nesting
from gcbridge.sandbox.provider.wire import UNKNOWN, Value

# The grammar of Go's time.ParseDuration: signed, any number of <decimal><unit>, or a bare zero.
_GO_DURATION = re.compile(r"[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)")


def one_of(*allowed: str, ignore_case: bool = False) -> Check:
    """Only these strings."""
    accepted = {choice.lower() if ignore_case else choice for choice in allowed}

    def check(name: str, value: Value) -> str | None:
        if (value.lower() if ignore_case else value) in accepted:
            return None
        choices = " ".join(f'"{choice}"' for choice in allowed)
        return f"expected {name} to be one of [{choices}], got {value}"

    return check


def between(lowest: int, highest: int) -> Check:
    """Only numbers in this closed range."""

    def check(name: str, value: Value) -> str | None:
        if lowest <= value <= highest:
            return None
        return f"expected {name} to be in the range ({lowest} - {highest}), got {value}"

    return check


def at_least(lowest: int) -> Check:
    """Only numbers that are not below this one."""

    def check(name: str, value: Value) -> str | None:
        return None if value >= lowest else f"expected {name} to be at least ({lowest}), got {value}"

    return check


def length_between(shortest: int, longest: int) -> Check:
    """Only texts of so many bytes, as Go counts."""

    def check(name: str, value: Value) -> str | None:
        if shortest <= len(value.encode()) <= longest:
            return None
        return f"expected length of {name} to be in the range ({shortest} - {longest}), got {value}"

    return check


def go_duration(name: str, value: Value) -> str | None:
    """Only durations that Go understands, such as 5m, 1h30m or 0s."""
    if _GO_DURATION.fullmatch(value):
        return None
    return f'expected {name} to be a valid duration string: time: invalid duration "{value}"'


def validate(body: Block, config: Mapping[str, Value], path: AttributePath = ()) -> Iterator[ProviderError]:
    """Every refusal of a configuration; unknown values pass, Terraform asks again when they are known.

    Types, required attributes and the number of nested blocks are Terraform's own checks.
    """
    for name, attribute in body.attributes.items():
        yield from _validate_attribute(attribute, config.get(name), (*path, name))
    for name, nested in body.blocks.items():
        for index, inner in enumerate(_known_list(config.get(name))):
            at = (*path, name, index) if nested.nesting is Nesting.LIST else (*path, name)
            yield from validate(nested.body, inner, at)


def _validate_attribute(attribute: Attribute, value: Value, path: AttributePath) -> Iterator[ProviderError]:
    if value is None or value is UNKNOWN:
        return
    for check in attribute.checks:
        if complaint := check(".".join(map(str, path)), value):
            yield ProviderError(complaint, path=path)
    if attribute.max_items and len(value) > attribute.max_items:
        yield _too_many_items(attribute, value, path)
    if attribute.elements:
        for index, element in enumerate(_known_list(value)):
            yield from validate(Block(attribute.elements), element, (*path, index))


def _too_many_items(attribute: Attribute, declared: list[Value], path: AttributePath) -> ProviderError:
    detail = (
        f"Attribute {'.'.join(map(str, path))} supports {attribute.max_items} item maximum, "
        f"but config has {len(declared)} declared."
    )
    return ProviderError("Too many list items", detail, (*path, attribute.max_items, WHOLE_BLOCK))


def _known_list(value: Value) -> list[Value]:
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []
