"""All rules of a bus, compiled together: which of them match an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from gcbridge.routing.bucket import Bucket
from gcbridge.routing.explain import explain
from gcbridge.routing.explanation import Explanation
from gcbridge.routing.invalid import InvalidPatternError
from gcbridge.routing.operators import Equals
from gcbridge.routing.parse import parse_pattern
from gcbridge.routing.pattern import Branch, Pattern

DETAIL_TYPE = "detail-type"

_Numbered = tuple[int, str, Branch]


class Router:
    """The rules of one event bus, ready to be asked about any number of events.

    The cost of an event grows with the fields that the rules of its `detail-type` look at, not with the number of
    rules. A Router can be used from several threads.

    Args:
        rules: name -> event pattern, a JSON object. Numbers and texts are Python's `int`, `float` and `str`.

    Raises:
        InvalidPatternError: EventBridge would refuse one of the patterns; names the rule, path, fault and a hint.
    """

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        self._patterns = {name: _parsed(name, pattern) for name, pattern in rules.items()}
        self._by_detail_type: dict[str, list[_Numbered]] = defaultdict(list)
        self._anywhere: list[_Numbered] = []
        for branch in self._numbered():
            self._file(branch)
        self._buckets: dict[str, Bucket] = {}
        self._other = Bucket(_in_order(self._anywhere))
        self._whole: Bucket | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the rules, in the order given."""
        return tuple(self._patterns)

    def match(self, event: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the rules that match, in the order given.

        Args:
            event: a whole EventBridge event, as a JSON parser gives it (dict, list, str, int, float, bool, None).
        """
        detail_type = event.get(DETAIL_TYPE)
        if type(detail_type) is str:
            bucket = self._buckets.get(detail_type) or self._bucket(detail_type)
        else:
            bucket = self._whole_bus()
        return bucket.match(event)

    def explain(self, event: Mapping[str, Any], rule: str) -> Explanation:
        """Field by field, why a rule matches an event or does not.

        Args:
            event: as for `match`.
            rule: name of a rule.

        Raises:
            KeyError: no such rule.
        """
        return explain(rule, self._patterns[rule], event)

    def _numbered(self) -> Iterable[_Numbered]:
        listed = ((name, branch) for name, pattern in self._patterns.items() for branch in pattern.branches)
        return ((number, name, branch) for number, (name, branch) in enumerate(listed))

    def _file(self, numbered: _Numbered) -> None:
        detail_types = _exact_detail_types(numbered[2])
        if detail_types is None:
            self._anywhere.append(numbered)
        for detail_type in detail_types or ():
            self._by_detail_type[detail_type].append(numbered)

    def _bucket(self, detail_type: str) -> Bucket:
        own = self._by_detail_type.get(detail_type)
        if own is None:
            return self._other
        bucket = Bucket(_in_order([*own, *self._anywhere]))
        self._buckets[detail_type] = bucket
        return bucket

    def _whole_bus(self) -> Bucket:
        if self._whole is None:
            self._whole = Bucket([(name, branch) for _, name, branch in self._numbered()])
        return self._whole


def _parsed(name: str, pattern: Mapping[str, Any]) -> Pattern:
    try:
        return parse_pattern(pattern)
    except InvalidPatternError as error:
        raise error.of_rule(name) from None


def _exact_detail_types(branch: Branch) -> set[str] | None:
    """The texts that `detail-type` must equal, or None where it may be others."""
    for test in branch:
        if test.path == DETAIL_TYPE:
            values = [o.value for o in test.operators if isinstance(o, Equals)]
            texts = {value for value in values if isinstance(value, str)}
            return texts if len(values) == len(test.operators) else None
    return None


def _in_order(branches: Iterable[_Numbered]) -> list[tuple[str, Branch]]:
    return [(name, branch) for _, name, branch in sorted(branches, key=lambda numbered: numbered[0])]
