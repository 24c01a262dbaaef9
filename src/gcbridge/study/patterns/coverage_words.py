"""What coverage says about topics and rules, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.model.bridge import Rule


def unmatched_words(disabled: Sequence[str], failing: Sequence[str], *, archived: bool) -> tuple[str, str]:
    """What happens to the events of a topic that no rule matches, and what to do.

    Args:
        disabled: disabled rules that could match.
        failing: enabled rules that ask for the topic and can match none of its events.
        archived: whether the archive may keep them.
    """
    fate = "only the archive keeps them" if archived else "they are paid for and dropped"
    if failing:
        names = _rules(failing, "asks", "ask")
        return f"{names} for it but can match none of its events: {fate}", f"correct {_names(failing)}"
    if disabled:
        names = _rules(disabled, "would, but is", "would, but are")
        return (
            f"no enabled rule matches its events; {names} disabled: {fate}",
            f"enable {_names(disabled)}, or remove the topic from genesys.topics",
        )
    return f"no rule matches its events: {fate}", "remove it from genesys.topics, or add a rule for it"


def redundant_words(narrow: Rule, wide: Rule, *, is_same: bool) -> tuple[str, str]:
    """What a redundant rule does, and what to do.

    Args:
        narrow: the rule that can go.
        wide: the rule that does all that the other does.
        is_same: whether both match the same events.
    """
    targets = " and ".join(narrow.targets)
    gets = "gets" if len(narrow.targets) == 1 else "get"
    what = (
        f"matches the same events as {wide.name}"
        if is_same
        else f"matches only events that {wide.name} matches too"
    )
    message = f"{what}, and both send to {targets}, which {gets} each of these events twice"
    return message, f"remove rule {narrow.name}; or, if {wide.name} sends too much, narrow that rule"


def _names(names: Sequence[str]) -> str:
    return f"rule{'s' if len(names) > 1 else ''} {' and '.join(names)}"


def _rules(names: Sequence[str], one: str, several: str) -> str:
    return f"{_names(names)} {several if len(names) > 1 else one}"
