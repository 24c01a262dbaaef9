"""How hard a pattern's wildcards are to follow: the score behind "Rule is too complex".

While a value is read letter by letter, every beginning of a wildcard text that fits so far has to be kept in mind:
after `aba`, `*ab*ad` has come to four positions at once, `*`, `*a`, `*ab*` and `*ab*a`. The score is the largest
number of positions that any value reaches at once in one field.

Source: aws/event-ruler, javadoc of MachineComplexityEvaluator.evaluate: "the maximum possible number of wildcard rule
prefixes that could match a theoretical input value".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from typing import NamedTuple

from gcbridge.routing.operators import AnythingBut, Equals, Exists, Operator, Wildcard
from gcbridge.routing.pattern import FieldTest, Pattern

ADVISED_CEILING = 10
"""Of one rule. Source: aws/event-ruler, README, "Individual Complexity": "Let's say you want a machine's complexity,
with all rules added, to be no more than 300. Then [...] you could limit each single-rule machine to complexity of 10,
and allow for 30 rules containing wildcard patterns"; 30 is EventBridge's quota of wildcard rules on one bus."""

STAR = b"\xff"
END = b"\xfe"
"""The wildcard, and a closing quote other than one inside a text, among UTF-8 bytes, none of which is 0xff or 0xfe."""


def uses_wildcard(pattern: Pattern) -> bool:
    """A rule counts towards the quota of wildcard rules wherever it has a wildcard, anything-but included.

    Source: aws/event-ruler, README, `containsWildcard`.
    """
    return any(
        _wildcards(operator) for branch in pattern.branches for test in branch for operator in test.operators
    )


def wildcard_complexity(pattern: Pattern, ceiling: int = 100) -> int:
    """The score of one rule is 0 without wildcards and should not exceed ADVISED_CEILING.

    It is ruler's own (GenericMachine.evaluateComplexity, version 2.0.1), but for rare patterns. There ruler's depends on
    the order of a Java hash set, or on how it packs an exact value that alternatives of `$or` repeat beside a wildcard,
    or on a suffix beside wildcards that are not ASCII, or on quotes inside the texts of one anything-but.

    Args:
        pattern: of the rule.
        ceiling: higher scores are given as this one.
    """
    return bus_wildcard_complexity([pattern], ceiling)


def bus_wildcard_complexity(patterns: Iterable[Pattern], ceiling: int = 100) -> int:
    """The score of several rules in one engine, where values are compared with all of them at once.

    Args:
        patterns: of the rules, in the order in which they were made.
        ceiling: higher scores are given as this one.
    """
    start = _Stage()
    for pattern in patterns:
        for branch in pattern.branches:
            stages = [start]
            for test in branch:
                stages = [following for stage in stages for following in stage.add(test)]
    different = {field.beginnings.outline: field.beginnings for field in _fields(start)}
    return max((beginnings.score(ceiling) for beginnings in different.values()), default=0)


class _Stage:
    """Where the engine stands when some fields have matched; alternatives that began alike stand at the same stage."""

    def __init__(self) -> None:
        self.fields: dict[str, _Field] = {}

    def add(self, test: FieldTest) -> list[_Stage]:
        """The stages that the next field test leads to: one, unless earlier alternatives told its operators apart."""
        field = self.fields.setdefault(test.path, _Field())
        following = _Stage()
        reached = []
        for operator in test.operators:
            following = field.add(operator, following)
            reached.append(following)
        return list(dict.fromkeys(reached))


class _Field:
    """What the engine compares one field with at one stage."""

    def __init__(self) -> None:
        self.beginnings = _Beginnings()
        self.stages: list[_Stage] = []
        self._known: dict[object, _Stage] = {}

    def add(self, operator: Operator, following: _Stage) -> _Stage:
        """The stage behind the operator: the one that it has already, or `following`."""
        owner = _identity(operator)
        for wildcard in _wildcards(operator) or (None,):
            known = wildcard is None or self.beginnings.add(owner, wildcard, following)
            entry = (owner, wildcard)
            following = self._known.setdefault(entry, following) if known else following
            self._known[entry] = following
        if operator != Exists(wanted=False):
            self.stages.append(following)
        return following


def _wildcards(operator: Operator) -> tuple[Wildcard, ...]:
    among = operator.excluded if isinstance(operator, AnythingBut) else (operator,)
    return tuple(dict.fromkeys(one for one in among if isinstance(one, Wildcard)))


def _identity(operator: Operator) -> object:
    """Equal operators are one to the engine, and so are anything-but in another order; Python takes 1 for true."""
    if isinstance(operator, AnythingBut):
        return frozenset(operator.excluded)
    return (operator, isinstance(operator, Equals) and isinstance(operator.value, bool))


def _fields(start: _Stage) -> Iterator[_Field]:
    """Every field at every stage, except behind `exists: false` alone: ruler's evaluator does not look there."""
    seen, waiting = {start}, [start]
    while waiting:
        for field in waiting.pop().fields.values():
            yield field
            fresh = set(field.stages) - seen
            seen |= fresh
            waiting += fresh


class _Beginnings:
    """The beginnings of a field's wildcard texts.

    The texts of one anything-but have a common beginning once, and so have repetitions of one wildcard in several
    alternatives of `$or`, but only as far as ruler shares it: see `_shareable`. Source: aws/event-ruler,
    ByteMachine.canReuseNextByteState.
    """

    def __init__(self) -> None:
        self._added: dict[bytes, list[_Addition]] = {}
        self._shared: set[tuple[object, bytes]] = set()
        self._before_star: set[bytes] = set()

    def add(self, owner: object, wildcard: Wildcard, following: _Stage) -> bool:
        """Adds the beginnings that the owner does not have yet; whether it had all of them."""
        text = b'"%b"' % STAR.join(_utf8(part) for part in wildcard.parts)
        spelled = text[:-1] + END
        end = self._shareable(text, wildcard.parts)
        already = next((at for at in range(end, 0, -1) if (owner, spelled[:at]) in self._shared), 0)
        if already == len(text):
            return True
        self._shared.update((owner, spelled[:at]) for at in range(already + 1, end + 1))
        if text not in self._added:
            self._before_star.update(text[:at] for at, byte in enumerate(text) if byte == STAR[0])
        self._added.setdefault(text, []).append(_Addition(already, (owner, following)))
        return False

    def _shareable(self, text: bytes, parts: tuple[str, ...]) -> int:
        """How many of the bytes ruler shares: all of a text without wildcard.

        Otherwise it stops at a letter behind the first wildcard that has two cases, or stands where an earlier text
        has a wildcard.
        """
        if len(parts) == 1:
            return len(text)
        caseless = "".join(takewhile(_is_caseless, "*".join(parts[1:]) + '"'))
        head, shareable = _utf8(f'"{parts[0]}*'), _utf8(f'"{parts[0]}*{caseless}')
        for at in range(len(head), min(len(shareable), len(text) - 1)):
            if text[at] != STAR[0] and text[:at] in self._before_star:
                return at
        return len(shareable)

    @property
    def outline(self) -> object:
        """Beginnings with equal outlines have equal scores."""
        goals: dict[object, int] = {}
        return tuple(
            (text, addition.already, goals.setdefault(addition.goal, len(goals)))
            for text, additions in self._added.items()
            for addition in additions
        )

    def score(self, ceiling: int) -> int:
        """The largest number of beginnings that fit one value at the same time, as far as the ceiling.

        A value either still follows some text up to its first wildcard, or has left that behind. Then no wildcard that
        it has passed is ever lost, so the worst values have passed all that they can, and go on with a piece of a
        text. What they can have passed together is a family: the texts that begin like one and the same.
        """
        heads = {text: text.split(STAR)[0] for text in self._added}
        longest = _longest(heads.values())
        positions = _Positions(self._added)
        beginning = (positions.read(positions.opening, head[1:]) for head in longest)
        best = max(map(positions.count, chain.from_iterable(beginning)), default=0)
        families = [
            sum(positions.of[text] for text, head in heads.items() if whole.startswith(head))
            for whole in longest
        ]
        resting = max((positions.count(positions.stars & family) for family in families), default=0)
        pieces = {piece for text in self._added for piece in text.split(STAR)[1:]}
        for occupied in chain.from_iterable(positions.read(positions.stars, piece) for piece in pieces):
            if best >= ceiling:
                break
            if resting + positions.count(occupied & ~positions.stars) > best:
                best = max(best, *(positions.count(occupied & family) for family in families))
        return min(best, ceiling)


class _Addition(NamedTuple):
    """One way in which the engine has a text: the bytes shared with an earlier one, and where the text leads.

    Texts that lead to the same goal, which is an operator and the stage behind it, are at their end together.
    """

    already: int
    goal: object


class _Positions:
    """Positions in texts as bits of one integer: bit 0 is behind the first byte of the first text, and so on.

    Args:
        texts: from quote to quote, as ruler reads JSON.
    """

    def __init__(self, texts: Mapping[bytes, Sequence[_Addition]]) -> None:
        self.of: dict[bytes, int] = {}
        self.opening = 0
        self._after: dict[int, int] = {}
        self._times: list[int] = []
        self._ends: dict[object, int] = {}
        begin = 0
        for text, additions in texts.items():
            behind = begin + len(text)
            self.of[text] = (1 << behind) - (1 << begin)
            self.opening |= 1 << begin
            for at, byte in enumerate(text[1:], begin + 1):
                self._after[byte] = self._after.get(byte, 0) | 1 << at
            for already, goal in additions:
                self._add((1 << behind - 1) - (1 << begin + already))
                self._ends[goal] = self._ends.get(goal, 0) | 1 << behind - 1
            begin = behind
        self.stars = self._after.get(STAR[0], 0)
        self._several = Counter(ends for ends in self._ends.values() if ends.bit_count() > 1)
        for end in (ends for ends in self._ends.values() if ends.bit_count() == 1):
            self._add(end)

    def _add(self, bits: int) -> None:
        """Counts the bits once more: bit i of the first number says 1, of the second 2, of the third 4."""
        for index, times in enumerate(self._times):
            self._times[index], bits = times ^ bits, times & bits
        if bits:
            self._times.append(bits)

    def count(self, occupied: int) -> int:
        """How many beginnings stand there."""
        each = sum((occupied & times).bit_count() << index for index, times in enumerate(self._times))
        return each + sum(number for ends, number in self._several.items() if occupied & ends)

    def read(self, occupied: int, letters: bytes) -> Iterator[int]:
        """What is occupied at first and after each letter; a wildcard stays, and fits nothing as well."""
        occupied |= occupied << 1 & self.stars
        yield occupied
        for letter in letters:
            occupied = (occupied << 1 & self._after.get(letter, 0)) | (occupied & self.stars)
            occupied |= occupied << 1 & self.stars
            yield occupied


def _longest(heads: Iterable[bytes]) -> list[bytes]:
    """The texts that no other one continues."""
    ordered = sorted(set(heads))
    return [
        head
        for head, following in zip(ordered, [*ordered[1:], b""], strict=False)
        if not following.startswith(head)
    ]


def _utf8(text: str) -> bytes:
    """As Java writes it: half of a pair of surrogates becomes a question mark."""
    return text.encode("utf-8", "replace")


def _is_caseless(letter: str) -> bool:
    return letter.lower() == letter.upper() or ord(letter) > 0xFFFF
