"""What follows from operators alone: a value that some accept and others refuse, or the certainty that there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gcbridge.routing import parse_pattern
from gcbridge.study.patterns.text_search import Nothing
from gcbridge.study.patterns.value_search import accepts_all_of, find_value

NUMBERS_ONLY = frozenset({"number"})


def operators(*entries):
    return parse_pattern({"x": list(entries)}).branches[0][0].operators


CONTAINED = [
    (["abc"], ["abc", "x"]),
    (["abc"], [{"prefix": "ab"}]),
    (["abc"], [{"suffix": "bc"}]),
    (["abc"], [{"wildcard": "a*c"}]),
    (["abc"], [{"equals-ignore-case": "ABC"}]),
    (["abc"], [{"anything-but": ["x"]}]),
    ([5], [{"numeric": [">", 0, "<=", 5]}]),
    ([5], [5.0]),
    (["10.0.0.7"], [{"cidr": "10.0.0.0/24"}]),
    (["::1"], ["0:0:0:0:0:0:0:1"]),
    (["a", "b", 1], ["b", {"prefix": "a"}, {"numeric": [">", 0]}]),
    ([{"prefix": "abc"}], [{"prefix": "ab"}]),
    ([{"prefix": "abc"}], [{"wildcard": "ab*"}]),
    ([{"prefix": "abc"}], [{"prefix": {"equals-ignore-case": "AB"}}]),
    ([{"suffix": "abc"}], [{"suffix": "bc"}]),
    ([{"equals-ignore-case": "abc"}], [{"prefix": {"equals-ignore-case": "aB"}}]),
    ([{"equals-ignore-case": "ab"}], ["ab", "aB", "Ab", "AB"]),
    ([{"wildcard": "a*b*c"}], [{"wildcard": "a*c"}]),
    ([{"wildcard": "ab*cab*c"}], [{"wildcard": "*b*ca*"}]),
    ([{"numeric": [">", 1, "<", 2]}], [{"numeric": [">=", 1]}]),
    ([{"numeric": [">", 1, "<", 9]}], [{"numeric": ["<", 5]}, 5, {"numeric": [">", 5]}]),
    ([{"cidr": "10.0.0.0/25"}], [{"cidr": "10.0.0.0/24"}]),
    ([{"cidr": "10.0.0.0/24"}], [{"cidr": "10.0.0.0/25"}, {"cidr": "10.0.0.128/25"}]),
    ([{"cidr": "10.0.0.0/24"}], [{"anything-but": ["zebra"]}]),
    ([{"anything-but": ["a", "b"]}], [{"anything-but": ["a"]}]),
    ([{"anything-but": {"prefix": "a"}}], [{"anything-but": ["abc", "ab"]}]),
    ([{"anything-but": {"prefix": "ab"}}], [{"anything-but": {"prefix": "abc"}}]),
    ([{"exists": True}], [{"anything-but": ["a"]}, "a"]),
    ([{"anything-but": [5]}], [{"exists": True}]),
]


@pytest.mark.parametrize(("narrow", "wide"), CONTAINED, ids=str)
def test_everything_that_the_one_accepts_the_other_accepts(narrow, wide):
    assert accepts_all_of(operators(*wide), operators(*narrow))


NOT_CONTAINED = [
    ([True], [1]),
    ([1], [True]),
    (["1"], [1]),
    (["ABC"], [{"prefix": "ab"}]),
    ([{"prefix": "ab"}], [{"prefix": "abc"}]),
    ([{"prefix": "ab"}], [{"suffix": "b"}]),
    ([{"wildcard": "a*c"}], [{"wildcard": "a*b*c"}]),
    ([{"equals-ignore-case": "ab"}], ["ab", "AB"]),
    ([{"numeric": [">=", 1]}], [{"numeric": [">", 1]}]),
    ([{"numeric": [">", 1, "<", 9]}], [{"numeric": ["<", 5]}, {"numeric": [">", 5]}]),
    ([{"cidr": "10.0.0.0/24"}], [{"cidr": "10.0.0.0/25"}]),
    ([{"cidr": "10.0.0.0/24"}], [{"prefix": "10."}]),
    ([{"anything-but": ["a"]}], [{"anything-but": ["a", "b"]}]),
    ([{"exists": True}], [{"wildcard": "*"}]),
    (
        [{"exists": True}],
        [{"numeric": [">=", 0]}, {"numeric": ["<", 0]}, {"wildcard": "*"}, True, False, None],
    ),
]


@pytest.mark.parametrize(("narrow", "wide"), NOT_CONTAINED, ids=str)
def test_something_that_the_one_accepts_the_other_refuses(narrow, wide):
    assert not accepts_all_of(operators(*wide), operators(*narrow))


DISJOINT = [
    ["a", "b"],
    [1, "1"],
    [True, 1],
    [{"prefix": "a"}, {"prefix": "b"}],
    [{"prefix": "abc"}, "ab"],
    [{"wildcard": "a*x"}, {"suffix": "y"}],
    [{"numeric": ["<", 1]}, {"numeric": [">=", 1]}],
    [{"numeric": ["<", 1]}, {"prefix": ""}],
    [{"cidr": "10.0.0.0/25"}, {"cidr": "10.0.0.128/25"}],
    [{"anything-but": {"wildcard": "a*"}}, {"prefix": "a"}],
    [{"equals-ignore-case": "ab"}, {"anything-but": {"equals-ignore-case": "AB"}}],
]


@pytest.mark.parametrize("entries", DISJOINT, ids=str)
def test_no_value_satisfies_both(entries):
    groups = [operators(entry) for entry in entries]

    assert find_value(groups) is Nothing.NONE


FOUND = [
    ([[{"prefix": "OAuth"}], [{"suffix": "Client"}]], "text"),
    ([[{"prefix": "ab"}], [{"suffix": "ba"}], [{"anything-but": ["aba"]}]], "text"),
    ([[{"wildcard": "a*c*e"}], [{"wildcard": "*bcd*"}]], "text"),
    ([[{"numeric": [">", 1, "<", 2]}], [{"anything-but": [1.5]}]], "number"),
    ([[{"cidr": "10.0.0.0/24"}], [{"cidr": "10.0.0.128/25"}]], "text"),
    ([[{"cidr": "2001:db8::/32"}]], "text"),
]


@pytest.mark.parametrize(("groups", "kind"), FOUND, ids=str)
def test_a_value_is_made_up_that_satisfies_all(groups, kind):
    parsed = [operators(*group) for group in groups]
    value = find_value(parsed)

    assert isinstance(value, str if kind == "text" else (int, float))
    assert all(any(operator.matches(value) for operator in group) for group in parsed)


def test_a_value_is_looked_for_among_the_types_that_a_field_has():
    assert find_value([operators({"exists": True})], (), NUMBERS_ONLY) == 1
    assert find_value([operators({"prefix": "a"})], (), NUMBERS_ONLY) is Nothing.NONE


ENTRIES = st.sampled_from(
    [
        *("", "a", "ab", "aB", "10.0.0.1", "::1", "ß", 0, 1, 1.5, 2**53 + 1, True, None),
        *({"prefix": text} for text in ("", "a", "ab", "10.")),
        *({"suffix": text} for text in ("b", "ab")),
        *({"wildcard": text} for text in ("*", "a*b", "*a*", "a*b*", "ab*a")),
        *({"equals-ignore-case": text} for text in ("ab", "ß")),
        *({"anything-but": each} for each in (["a", "b"], [1], {"prefix": "a"}, {"wildcard": "a*"})),
        *({"numeric": each} for each in ([">", 0], ["<=", 1], [">=", 1, "<", 2])),
        *({"cidr": each} for each in ("10.0.0.0/24", "10.0.0.0/8", "::/64")),
        *({"exists": each} for each in (True, False)),
    ]
)
LISTS = st.lists(ENTRIES, min_size=1, max_size=3)
SCALARS = (
    st.text("abAB1.:", max_size=4)
    | st.sampled_from(["10.0.0.1", "010.0.0.1", "10.9.9.9", "::1", "0:0::1", "ß", "SS", "10.0.0.1x"])
    | st.sampled_from([0, 1, 1.0, 1.25, 1.5, 2, -3, 2**53 + 1, 2**53 + 3, 1e300, True, False, None])
)


@settings(deadline=None, max_examples=300)
@given(st.lists(LISTS, min_size=1, max_size=2), st.lists(ENTRIES, max_size=3), st.lists(SCALARS, max_size=20))
def test_what_is_said_to_be_certain_holds_for_any_value(groups, unwanted, values):
    """A value that was found fits; where there is said to be none, none fits."""
    parsed, refused = [operators(*group) for group in groups], operators(*unwanted) if unwanted else ()
    found = find_value(parsed, refused)

    def fits(value):
        wanted = all(any(operator.matches(value) for operator in group) for group in parsed)
        return wanted and not any(operator.matches(value) for operator in refused)

    if found is Nothing.NONE:
        assert not any(fits(value) for value in values)
    elif found is not Nothing.UNSURE:
        assert fits(found)
