"""Why a rule matches an event, or what kept it from matching: what was wanted, what was there, what nearly fitted."""

from __future__ import annotations

from dataclasses import dataclass

from gcbridge.routing.operators import Scalar


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """What one field of the pattern asked of the event.

    Args:
        path: dotted, such as `detail.eventBody.action`.
        wanted: the operators as JSON texts, such as `{"prefix":"OAuth"}`.
        found: the values that the event has at the path, at most the first ten; empty where it has none.
        matched: whether one of them satisfies one of the operators, consistently with the fields before it.
        nearest_miss: what would have fitted or why nothing did, in words; empty where it matched.
    """

    path: str
    wanted: tuple[str, ...]
    found: tuple[Scalar, ...]
    matched: bool
    nearest_miss: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Field by field, why a rule matches an event or does not.

    Args:
        rule: its name.
        matched: the verdict.
        fields: of the alternative that matched, or of the one that came nearest where the pattern holds `$or`.
        alternatives: how many alternatives the pattern has.
    """

    rule: str
    matched: bool
    fields: tuple[FieldVerdict, ...]
    alternatives: int = 1

    @property
    def misses(self) -> tuple[FieldVerdict, ...]:
        """The fields that did not match."""
        return tuple(field for field in self.fields if not field.matched)
