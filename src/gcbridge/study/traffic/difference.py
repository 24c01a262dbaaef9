"""What an event would do under another definition: the rules that match it, the targets that it comes to, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from gcbridge.study.traffic.definition import ARCHIVE, Definition

if TYPE_CHECKING:
    from gcbridge.model.target_options_spec import InputSpec

Matched = tuple[str, ...]
Kind = Literal["lost", "gained", "altered"]


@dataclass(frozen=True, slots=True)
class PairChanges:
    """What changes for every event that matches one set of rules before and another after.

    Args:
        rules: rule -> lost or gained.
        targets: target -> lost, gained or altered.
        texts: targets that receive it both times, and whose texts have to be compared.
    """

    rules: tuple[tuple[str, Kind], ...]
    targets: tuple[tuple[str, Kind], ...]
    texts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes, whatever the event."""
        return not (self.rules or self.targets or self.texts)


class Comparison:
    """Two definitions; `before` is the one that is compared with, `after` the one that is simulated."""

    def __init__(self, before: Definition, after: Definition) -> None:
        self.before = before
        self.after = after
        self._known: dict[tuple[Matched, Matched], PairChanges] = {}

    def changes(self, before: Matched, after: Matched) -> PairChanges:
        """What changes for an event that these rules match; found once for each pair.

        Args:
            before: rules of the former definition that match, in its order.
            after: rules of the latter.
        """
        known = self._known.get((before, after))
        if known is None:
            if len(self._known) > KNOWN_MAX:
                self._known.clear()
            known = self._known[before, after] = self._compare(before, after)
        return known

    def alters(self, target: str, event: Mapping[str, Any], before: Matched, after: Matched) -> bool:
        """Whether a target that receives the event both times receives another text.

        Args:
            target: its name.
            event: the whole event, with the same origin both times.
            before: rules of the former definition that match.
            after: rules of the latter.
        """
        return self._texts(self.before, target, event, before) != self._texts(
            self.after, target, event, after
        )

    def _compare(self, before: Matched, after: Matched) -> PairChanges:
        rules = _gone_and_come(before, after)
        senders_before, senders_after = self.before.deliveries(before), self.after.deliveries(after)
        targets = _gone_and_come(tuple(senders_before), tuple(senders_after))
        texts = []
        for name in senders_before.keys() & senders_after.keys():
            if len(senders_before[name]) != len(senders_after[name]):
                targets.append((name, "altered"))
            elif self._needs_texts(name, senders_before[name], senders_after[name]):
                texts.append(name)
        return PairChanges(tuple(rules), tuple(targets), tuple(texts))

    def _needs_texts(self, target: str, before: Matched, after: Matched) -> bool:
        """Texts are only made where they can differ: another `input`, or one that names the rule."""
        old, new = self.before.inputs.get(target), self.after.inputs.get(target)
        return old != new or (sorted(before) != sorted(after) and _names_the_rule(new))

    def _texts(
        self, definition: Definition, target: str, event: Mapping[str, Any], matched: Matched
    ) -> list[str]:
        """One for each delivery. Both definitions name a rule by the same ARN: accounts differ anyway."""
        # Only comparing texts needs this, and the models behind it cost a process 20 MB.
        from gcbridge.study.input_transformer import transform_input  # noqa: PLC0415

        spec = definition.inputs.get(target)
        arns = {**self.before.rule_arns, **self.after.rule_arns}
        rules = definition.deliveries(matched).get(target, ())
        return sorted(transform_input(spec, event, arns[rule]) for rule in rules)


NOT_SENT: Matched = ("(not subscribed)",)
"""Stands for the rules that match an event which would not come; no rule can have that name."""

KNOWN_MAX = 10_000
"""Pairs that are remembered; far more than traffic has."""


NO_RULES = frozenset({ARCHIVE, *NOT_SENT})


def _gone_and_come(before: Matched, after: Matched) -> list[tuple[str, Kind]]:
    if before == after:
        return []
    lost: list[tuple[str, Kind]] = [
        (name, "lost") for name in before if name not in after and name not in NO_RULES
    ]
    return lost + [(name, "gained") for name in after if name not in before and name not in NO_RULES]


def _names_the_rule(spec: InputSpec | None) -> bool:
    return spec is not None and spec.transformer is not None and "aws.events.rule-" in str(spec.transformer)
