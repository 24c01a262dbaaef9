"""What a process that routes recorded traffic needs of a bridge: small, and quick to send to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gcbridge.model.target_options_spec import InputSpec

ARCHIVE = "(archive)"
"""Stands among the rules for the pattern of the archive; no rule can have that name."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Rules and targets of a bridge.

    Args:
        topics: what Genesys Cloud is told to send; an event of another `detail-type` would not come.
        origin: `source`, `account` and `region` that every event is given: the bridge's own.
        patterns: rule -> event pattern; disabled rules are left out.
        targets_of: rule -> names of the targets that it sends to.
        rule_arns: rule -> its ARN, which a target's `input` may use.
        inputs: target -> its `input`; those that receive the whole event are left out.
        unit_bytes: target -> what the size of a delivery is rounded up to.
    """

    topics: frozenset[str]
    origin: Mapping[str, str]
    patterns: Mapping[str, Mapping[str, Any]]
    targets_of: Mapping[str, tuple[str, ...]]
    rule_arns: Mapping[str, str]
    inputs: Mapping[str, InputSpec]
    unit_bytes: Mapping[str, int]

    def deliveries(self, matched: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Target -> the matching rules that send to it; each of them delivers.

        Args:
            matched: names of the rules that match.
        """
        senders: dict[str, tuple[str, ...]] = {}
        for rule in matched:
            for target in self.targets_of.get(rule, ()):
                senders[target] = (*senders.get(target, ()), rule)
        return senders
