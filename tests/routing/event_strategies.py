"""Events and patterns for hypothesis: Genesys's shapes out of few names and values, so that many of them match."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

DETAIL_TYPES = ["v2.users.{id}.presence", "v2.audits.entitytype.{id}.entityid.{id}", "v2.users.{id}.activity"]
NAMES = ["action", "purpose", "participants", "sessions"]
DOTTED = ["participants.purpose", "participants.sessions", "sessions.action"]

texts = st.sampled_from(
    [*"a A ab abc b ba a*b * \\ 5 true é É xé ß 10.0.0.7 10.0.1.7 010.0.0.7 2001:db8::1".split(), ""]
)
numbers = st.sampled_from([0, -0.0, 5, 5.0, -1.5, 50, 300, 1_700_000_000_000])
scalars = st.one_of(texts, texts, numbers, st.sampled_from([True, False, None]))

event_values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(st.dictionaries(st.sampled_from(NAMES), inner, max_size=3), max_size=3),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    ),
    max_leaves=8,
)


def details(names: list[str]) -> st.SearchStrategy[Any]:
    """What an event has below `detail`."""
    return st.dictionaries(st.sampled_from(names), event_values, max_size=4)


def events(names: list[str] = NAMES) -> st.SearchStrategy[dict[str, Any]]:
    """Whole events; some have no detail-type, or one that is no text."""
    return st.fixed_dictionaries(
        {
            "source": st.sampled_from(["genesys", "other"]),
            "detail": st.one_of(details(names), details(names), event_values),
        },
        optional={
            "detail-type": st.one_of(st.sampled_from(DETAIL_TYPES), st.sampled_from(DETAIL_TYPES), scalars)
        },
    )


def escaped(text: str) -> str:
    """A text inside a wildcard."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


wildcards = (
    st.lists(texts.map(escaped), min_size=1, max_size=3).map("*".join).filter(lambda text: "**" not in text)
)
filled_texts = texts.filter(bool)
excluded = st.one_of(
    texts,
    numbers,
    st.lists(texts, min_size=1, max_size=3),
    st.lists(numbers, min_size=1, max_size=3),
    st.fixed_dictionaries(
        {"prefix": st.one_of(filled_texts, st.lists(filled_texts, min_size=1, max_size=2))}
    ),
    st.fixed_dictionaries(
        {"suffix": st.one_of(filled_texts, st.lists(filled_texts, min_size=1, max_size=2))}
    ),
    st.fixed_dictionaries({"equals-ignore-case": st.one_of(texts, st.lists(texts, min_size=1, max_size=2))}),
    st.fixed_dictionaries({"wildcard": st.one_of(wildcards, st.lists(wildcards, min_size=1, max_size=2))}),
)
one_sided = st.tuples(st.sampled_from(["=", "<", "<=", ">", ">="]), numbers).map(list)
two_sided = st.tuples(st.sampled_from([">", ">="]), numbers, st.sampled_from(["<", "<="]), numbers).map(list)
comparisons = st.one_of(one_sided, two_sided.filter(lambda terms: terms[1] < terms[3]))

operators = st.one_of(
    scalars,
    scalars,
    st.fixed_dictionaries({"exactly": texts}),
    st.fixed_dictionaries({"prefix": texts}),
    st.fixed_dictionaries({"suffix": texts}),
    st.fixed_dictionaries({"prefix": st.fixed_dictionaries({"equals-ignore-case": texts})}),
    st.fixed_dictionaries({"suffix": st.fixed_dictionaries({"equals-ignore-case": texts})}),
    st.fixed_dictionaries({"equals-ignore-case": texts}),
    st.fixed_dictionaries({"wildcard": wildcards}),
    st.fixed_dictionaries({"anything-but": excluded}),
    st.fixed_dictionaries({"numeric": comparisons}),
    st.fixed_dictionaries({"cidr": st.sampled_from(["10.0.0.0/24", "10.0.0.0/8", "2001:db8::/32"])}),
    st.fixed_dictionaries({"exists": st.booleans()}),
)
operator_lists = st.lists(operators, min_size=1, max_size=3)


def fields(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of a pattern without `$or`."""
    return st.recursive(
        st.dictionaries(st.sampled_from(names), operator_lists, min_size=1, max_size=2),
        lambda inner: st.dictionaries(
            st.sampled_from(names), st.one_of(operator_lists, inner), min_size=1, max_size=3
        ),
        max_leaves=4,
    )


def alternatives(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of a pattern that hold `$or`, alone, beside fields, or in another `$or`."""
    either = st.recursive(
        fields(names),
        lambda inner: st.fixed_dictionaries({"$or": st.lists(inner, min_size=2, max_size=3)}),
        max_leaves=5,
    )
    return st.tuples(fields(names), either).map(lambda both: both[0] | both[1])


detail_types = st.one_of(
    st.lists(st.sampled_from(DETAIL_TYPES), min_size=1, max_size=2),
    st.sampled_from(
        [[{"prefix": "v2.users"}], [{"exists": False}], [DETAIL_TYPES[0], {"prefix": "v2.audits"}]]
    ),
    operator_lists,
)


def patterns(names: list[str] = NAMES) -> st.SearchStrategy[dict[str, Any]]:
    """Valid patterns; half of them name a detail-type."""
    return st.fixed_dictionaries(
        {"detail": st.one_of(fields(names), fields(names), alternatives(names), operator_lists)},
        optional={"detail-type": detail_types, "source": operator_lists},
    )


def leaves(node: Any, above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Names down to each plain value of an event, and the value."""
    if isinstance(node, dict):
        return [leaf for name, child in node.items() for leaf in leaves(child, (*above, name))]
    if isinstance(node, list):
        return [leaf for child in node for leaf in leaves(child, above)]
    return [(above, node)]


@st.composite
def aimed_patterns(draw: st.DrawFn, event: dict[str, Any]) -> dict[str, Any]:
    """Patterns that ask for fields that the event has, most of them for the values that it has there."""
    pattern: dict[str, Any] = {}
    for names, value in draw(st.lists(st.sampled_from(leaves(event)), min_size=1, max_size=3)):
        kept = st.lists(operators, max_size=2).map(lambda others, value=value: [value, *others])
        place = pattern
        for name in names[:-1]:
            place = place.setdefault(name, {})
            if isinstance(place, list):
                break
        else:
            place.setdefault(names[-1], draw(st.one_of(kept, kept, operator_lists)))
    return pattern


@st.composite
def traffic(draw: st.DrawFn, names: list[str] = NAMES, rules: int = 10) -> tuple[list[dict], list[dict]]:
    """Some events, and patterns of which some match some of them."""
    sent = draw(st.lists(events(names), min_size=1, max_size=3))
    aimed = st.sampled_from(sent).flatmap(aimed_patterns)
    return draw(st.lists(st.one_of(aimed, aimed, patterns(names)), min_size=1, max_size=rules)), sent


def one_of_each(names: list[str] = NAMES) -> st.SearchStrategy[tuple[dict, dict]]:
    """A pattern and an event."""
    return events(names).flatmap(
        lambda event: st.tuples(st.one_of(aimed_patterns(event), patterns(names)), st.just(event))
    )
