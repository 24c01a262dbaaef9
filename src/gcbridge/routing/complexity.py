"""How hard a pattern's wildcards are to follow: the score behind "Rule is too complex".

While a value is read letter by letter, every beginning of a wildcard text that fits so far has to be kept in mind:
after `aba`, `*ab*ad` has come to four positions at once, `*`, `*a`, `*ab*` and `*ab*a`. The score is the largest
number of positions that any value reaches at once in one field.

Source: aws/event-ruler, javadoc of MachineComplexityEvaluator.evaluate: "the maximum possible number of wildcard rule
prefixes that could match a theoretical input value".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from gcbridge.routing.operators import AnythingBut, Equals, Exists, Operator, Wildcard
from gcbridge.routing.pattern import FieldTest, Pattern

ADVISED_CEILING = 10
"""Of one rule. Source: aws/event-ruler, README, "Individual Complexity": "Let's say you want a machine's complexity,
with all rules added, to be no more than 300. Then [...] you could limit each single-rule machine to complexity of 10,
and allow for 30 rules containing wildcard patterns"; 30 is EventBridge's quota of wildcard rules on one bus."""

STAR = b"\xff"
"""The wildcard among UTF-8 bytes, none of which is 0xff."""


def uses_wildcard(pattern: Pattern) -> bool:
    """A rule counts towards the quota of wildcard rules wherever it has a wildcard, anything-but included.

    Source: aws/event-ruler, README, `containsWildcard`.
    """
    return any(
        _wildcards(operator) for branch in pattern.branches for test in branch for operator in test.operators
    )


def wildcard_complexity(pattern: Pattern, ceiling: int = 100) -> int:
    """The score of one rule is 0 without wildcards and should not exceed ADVISED_CEILING.

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
        self._texts: dict[bytes, None] = {}
        self._added: list[tuple[bytes, int]] = []
        self._ends: dict[object, set[bytes]] = {}
        self._shared: set[tuple[object, bytes]] = set()
        self._before_star: set[bytes] = set()

    def add(self, owner: object, wildcard: Wildcard, following: _Stage) -> bool:
        """Adds the beginnings that the owner does not have yet; whether it had all of them.

        Texts with one owner and one stage behind them are at their end together.
        """
        text = b'"%b"' % STAR.join(_utf8(part) for part in wildcard.parts)
        end = self._shareable(text, wildcard.parts)
        already = next((at for at in range(end, 0, -1) if (owner, text[:at]) in self._shared), 0)
        if already == len(text):
            return True
        self._shared.update((owner, text[:at]) for at in range(already + 1, end + 1))
        self._added.append((text, already))
        self._ends.setdefault((owner, following), set()).add(text)
        if text not in self._texts:
            self._texts[text] = None
            self._before_star.update(text[:at] for at, byte in enumerate(text) if byte == STAR[0])
        return False

    @property
    def outline(self) -> object:
        """Beginnings with equal outlines have equal scores."""
        return tuple(self._added), tuple(frozenset(texts) for texts in self._ends.values())

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

    def score(self, ceiling: int) -> int:
        """The largest number of beginnings that fit one value at the same time."""
        positions = _Positions(self._texts)
        count = _Count(ceiling)
        for text, already in self._added:
            count.add(positions.of(text, already) & ~positions.end(text))
        for texts in self._ends.values():
            count.add_once(sum(positions.end(text) for text in texts))
        best = 0
        for occupied, families in positions.moments():
            if count(occupied) > best:
                best = max(best, *(count(occupied & family) for family in families))
            if best >= ceiling:
                return ceiling
        return best


class _Count:
    """How many beginnings stand at some positions: bits on several layers, where the engine has them more than once."""

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._layers: list[int] = []
        self._once: list[int] = []

    def __call__(self, occupied: int) -> int:
        once = sum(1 for bits in self._once if occupied & bits)
        return once + sum((occupied & layer).bit_count() for layer in self._layers)

    def add(self, bits: int) -> None:
        """Each bit counts."""
        for index, layer in enumerate(self._layers):
            if not layer & bits:
                self._layers[index] |= bits
                return
        if len(self._layers) < self._ceiling:
            self._layers.append(bits)

    def add_once(self, bits: int) -> None:
        """All the bits count as one."""
        if bits.bit_count() == 1:
            self.add(bits)
        else:
            self._once.append(bits)


class _Positions:
    """Positions in texts as bits of one integer: bit 0 is behind the first byte of the first text, and so on.

    Args:
        texts: from quote to quote, as ruler reads JSON; none twice.
    """

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._begin: dict[bytes, int] = {}
        self._opening = 0
        self._after: dict[int, int] = {}
        length = 0
        for text in texts:
            self._begin[text] = length
            self._opening |= 1 << length
            for at, byte in enumerate(text[1:], length + 1):
                self._after[byte] = self._after.get(byte, 0) | 1 << at
            length += len(text)
        self._stars = self._after.get(STAR[0], 0)

    def of(self, text: bytes, already: int = 0) -> int:
        """The positions of a text from one on."""
        begin = self._begin[text]
        return (1 << begin + len(text)) - (1 << begin + already)

    def end(self, text: bytes) -> int:
        """The position behind the closing quote."""
        return 1 << self._begin[text] + len(text) - 1

    def moments(self) -> Iterator[tuple[int, list[int]]]:
        """Positions that values reach at once; no value reaches more. Only those of one of the families count.

        A value either still follows a text to its first wildcard, or has left that behind: then nothing that it
        passed is ever lost, so the worst of them has passed every wildcard, and goes on with a piece of a text. The
        first wildcards that it can have passed are a family: each text's begin is the begin of the next one's.
        """
        heads = {text: text.split(STAR)[0] for text in self._begin}
        longest = _longest(heads.values())
        for head in longest:
            for occupied in self._read(self._opening, head[1:]):
                yield occupied, [-1]
        families = [
            sum(self.of(text) for text, head in heads.items() if whole.startswith(head)) for whole in longest
        ]
        for piece in {piece for text in self._begin for piece in text.split(STAR)[1:]}:
            for occupied in self._read(self._stars, piece):
                yield occupied, families

    def _read(self, occupied: int, letters: bytes) -> Iterator[int]:
        """What is occupied at first and after each letter; a wildcard stays, and fits nothing as well."""
        yield (occupied := occupied | (occupied << 1 & self._stars))
        for letter in letters:
            occupied = (occupied << 1 & self._after.get(letter, 0)) | (occupied & self._stars)
            yield (occupied := occupied | (occupied << 1 & self._stars))


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
