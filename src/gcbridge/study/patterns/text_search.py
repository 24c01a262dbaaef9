"""Finds a text that some operators accept and others refuse, or is certain that there is none.

Every operator on texts is a sequence of letters and gaps (`OAuth*` for a prefix), so a set of operators is a finite
automaton, and the shortest text that it accepts is found breadth first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from gcbridge.routing.operators import (
    AnythingBut,
    Equals,
    EqualsIgnoreCase,
    Exists,
    Operator,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)

ADDRESS_LETTERS = frozenset("0123456789abcdefABCDEF.:")
STATES_MAX = 4000
"""States looked at before the search gives up; patterns of 4,096 characters stay far below in practice."""
FILLERS = "xyzqjkvw0123456789-_XYZQ~^"
"""Letters to fill a gap with, so that a text made up is readable."""

Operators = tuple[Operator, ...]
Letters = frozenset[str] | None
"""Letters of which one must stand here; None is a gap: any letters, or none."""
Shape = tuple[Letters, ...]
States = tuple[frozenset[int], ...]


class Nothing(Enum):
    """No value was found."""

    NONE = "there is none"
    UNSURE = "there may be one"


class _InexactError(Exception):
    """The operator is no sequence of letters and gaps."""


@dataclass(frozen=True, slots=True)
class Literal:
    """An operator in terms of shapes.

    Args:
        shapes: numbers of shapes.
        negated: whether a text must fit none of them instead of any of them.
    """

    shapes: tuple[int, ...]
    negated: bool = False


def shape_of(operator: Operator) -> Shape | None:
    """An operator as letters and gaps; None where it accepts no text, or reads addresses.

    Raises:
        _InexactError: the case of a letter changes its length.
    """
    match operator:
        case Equals():
            return _plain(operator.value) if isinstance(operator.value, str) else None
        case Prefix() | PrefixIgnoreCase():
            return (*_letters(operator), None)
        case Suffix() | SuffixIgnoreCase():
            return (None, *_letters(operator))
        case EqualsIgnoreCase():
            return _letters(operator)
        case Wildcard():
            return _joined(operator.parts)
        case Exists():
            return (None,) if operator.wanted else None
    return None


def _letters(operator: Prefix | PrefixIgnoreCase | Suffix | SuffixIgnoreCase | EqualsIgnoreCase) -> Shape:
    return _plain(operator.text) if isinstance(operator, (Prefix, Suffix)) else _any_case(operator.text)


def _plain(text: str) -> Shape:
    return tuple(frozenset(letter) for letter in text)


def _any_case(text: str) -> Shape:
    forms = [frozenset((letter.lower(), letter.upper())) for letter in text]
    if any(len(form) > 1 for letters in forms for form in letters):
        raise _InexactError
    return tuple(forms)


def _joined(parts: Sequence[str]) -> Shape:
    shape = list(_plain(parts[0]))
    for part in parts[1:]:
        shape += [None, *_plain(part)]
    return tuple(shape)


def has_foreign_letter(operator: Operator) -> bool:
    """Whether the operator accepts no IP address, for it asks for a letter that no address has, or accepts no text."""
    try:
        shape = shape_of(operator)
    except _InexactError:
        return False
    return shape is None or any(letters is not None and not letters & ADDRESS_LETTERS for letters in shape)


def find_text(groups: Sequence[Operators], unwanted: Operators) -> str | Nothing:
    """The shortest text that some operator of every group accepts and no unwanted one; not empty, if possible.

    Operators that read addresses or numbers accept no text here.

    Args:
        groups: each must be satisfied by one of its operators.
        unwanted: none of them may accept the text.
    """
    try:
        search = _Search(groups, unwanted)
    except _InexactError:
        return Nothing.UNSURE
    return search.run()


class _Search:
    def __init__(self, groups: Sequence[Operators], unwanted: Operators) -> None:
        self._numbers: dict[Shape, int] = {}
        self._groups = [self._literals(group) for group in groups]
        self._unwanted = self._literals(unwanted)
        self._shapes = list(self._numbers)
        used = {letter for shape in self._shapes for letters in shape if letters for letter in letters}
        self._filler = next((letter for letter in FILLERS if letter not in used), _unused(used))

    def _literals(self, operators: Operators) -> list[Literal]:
        return [literal for operator in operators if (literal := self._literal(operator))]

    def _literal(self, operator: Operator) -> Literal | None:
        if isinstance(operator, AnythingBut):
            shapes = [shape for excluded in operator.excluded if (shape := shape_of(excluded)) is not None]
            return Literal(tuple(self._number(shape) for shape in shapes), negated=True)
        shape = shape_of(operator)
        return None if shape is None else Literal((self._number(shape),))

    def _number(self, shape: Shape) -> int:
        return self._numbers.setdefault(shape, len(self._numbers))

    def run(self) -> str | Nothing:
        start = tuple(self._closed(number, (0,)) for number in range(len(self._shapes)))
        queue, seen = deque([(start, "")]), set[States]()
        empty: str | Nothing = "" if self._accepts(start) else Nothing.NONE
        while queue:
            states, text = queue.popleft()
            if text and self._accepts(states):
                return text
            if len(seen) > STATES_MAX:
                return empty if isinstance(empty, str) else Nothing.UNSURE
            for letter in self._next_letters(states):
                after = self._step(states, letter)
                if after not in seen and not self._is_dead(after):
                    seen.add(after)
                    queue.append((after, text + letter))
        return empty

    def _closed(self, number: int, positions: Iterable[int]) -> frozenset[int]:
        shape, closed = self._shapes[number], set()
        for position in positions:
            closed.add(position)
            if position < len(shape) and shape[position] is None:
                closed.add(position + 1)
        return frozenset(closed)

    def _step(self, states: States, letter: str) -> States:
        return tuple(
            self._closed(number, _after(self._shapes[number], positions, letter))
            for number, positions in enumerate(states)
        )

    def _next_letters(self, states: States) -> list[str]:
        letters = {
            letter
            for shape, positions in zip(self._shapes, states, strict=True)
            for position in positions
            if position < len(shape)
            for letter in shape[position] or ()
        }
        return [self._filler, *sorted(letters)]

    def _accepts(self, states: States) -> bool:
        fits = [len(shape) in positions for shape, positions in zip(self._shapes, states, strict=True)]
        return all(any(_holds(literal, fits) for literal in group) for group in self._groups) and not any(
            _holds(literal, fits) for literal in self._unwanted
        )

    def _is_dead(self, states: States) -> bool:
        return any(
            not any(literal.negated or any(states[number] for number in literal.shapes) for literal in group)
            for group in self._groups
        )


def _after(shape: Shape, positions: frozenset[int], letter: str) -> Iterable[int]:
    for position in positions:
        if position < len(shape):
            letters = shape[position]
            if letters is None:
                yield position
            elif letter in letters:
                yield position + 1


def _holds(literal: Literal, fits: Sequence[bool]) -> bool:
    return any(fits[number] for number in literal.shapes) is not literal.negated


def _unused(used: set[str]) -> str:
    return next(letter for code in range(0x4E00, 0x9FFF) if (letter := chr(code)) not in used)
