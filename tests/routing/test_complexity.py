"""The score behind EventBridge's "Rule is too complex": how many beginnings of wildcard texts can fit at the same time."""

import re
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gcbridge.routing.complexity import (
    ADVISED_CEILING,
    bus_wildcard_complexity,
    uses_wildcard,
    wildcard_complexity,
)
from gcbridge.routing.parse import parse_pattern

SEVENTEEN = "*a*a*a*a*a*a*a*a*"
TOO_COMPLEX = "*a*a*a*a*a*"


def wildcards(*texts):
    return [{"wildcard": text} for text in texts]


def anything_but(*texts):
    return [{"anything-but": {"wildcard": list(texts)}}]


def score(*values):
    return wildcard_complexity(parse_pattern({"field": list(values)}))


ONE_WILDCARD = [
    # wildcard, how a worst value begins, the beginnings that fit it
    ("ab", "ab", ["ab"]),  # no wildcard in it, but still what ruler calls a wildcard
    ("*ab", "ab", ["*", "*ab"]),  # after `a`: `*` and `*a`, two as well
    ("*aa", "aa", ["*", "*a", "*aa"]),  # repeating what follows a wildcard costs one each
    ("a*b", "ab", ["a*", "a*b"]),
    ("aa*", "aa", ["aa", "aa*"]),  # a wildcard also stands for nothing
    ("a*bc", "ab", ["a*", "a*b"]),
    ("a*bb", "abb", ["a*", "a*b", "a*bb"]),
    ("a*bcb", "abcb", ["a*", "a*b", "a*bcb"]),
    ("a*bbb", "abbb", ["a*", "a*b", "a*bb", "a*bbb"]),
    ("*ab*ad", "aba", ["*", "*a", "*ab*", "*ab*a"]),  # every further wildcard stays to the end
    ("*ab*d", "abd", ["*", "*ab*", "*ab*d"]),
    ("*aba*", "aba", ["*", "*a", "*aba", "*aba*"]),
    ("a*b*bb", "abbb", ["a*", "a*b", "a*b*", "a*b*b", "a*b*bb"]),
    ("a*b*cb", "abcb", ["a*", "a*b", "a*b*", "a*b*cb"]),
    ("a*b*cd", "abcd", ["a*", "a*b*", "a*b*cd"]),
    ("a*b*b", "abb", ["a*", "a*b", "a*b*", "a*b*b"]),
    ("a*bb*", "abb", ["a*", "a*b", "a*bb", "a*bb*"]),
    ("ab*b*", "abb", ["ab*", "ab*b", "ab*b*"]),
    ("*ab*b*b*", "abbbab", ["*", "*ab", "*ab*", "*ab*b", "*ab*b*", "*ab*b*b", "*ab*b*b*"]),
    (SEVENTEEN, "aaaaaaaa", [SEVENTEEN[: end + 1] for end in range(17)]),
]
"""Source: aws/event-ruler, MachineComplexityEvaluatorTest, testEvaluateWildcardPatternWithoutWildcards up to
testEvaluateLongSequenceofWildcards, with the values and beginnings that its comments name."""


@pytest.mark.parametrize(("text", "value", "beginnings"), ONE_WILDCARD)
def test_the_score_of_one_wildcard_is_how_many_of_its_beginnings_fit_a_worst_value(text, value, beginnings):
    assert all(re.fullmatch(beginning.replace("*", ".*"), value) for beginning in beginnings)
    assert score({"wildcard": text}) == len(beginnings)


SEVERAL_WILDCARDS = [
    # wildcards of one field, score, the beginnings that fit a worst value
    (["ab*c", "x*xx"], 3, "xxx: x* x*x x*xx; nothing of ab*c can fit at the same time"),
    (["*abc", "*abcde"], 4, "abc: * *abc, and the same of the other"),
    (["a*bcd", "ab*cd"], 4, "abcd: a* a*bcd ab* ab*cd"),
    (["a*bc", "a*bcde"], 4, "ab: a* a*b, and the same of the other"),
    (["a*aaa", "aa*aa"], 7, "aaaa: a* a*a a*aa a*aaa aa* aa*a aa*aa"),
    (["a*bc", "abc*d"], 4, "abc: a* a*bc abc abc*"),
    (["a*aaa", "aaa*a"], 6, "aaaa: a* a*a a*aa a*aaa aaa* aaa*a"),
    (["a*aax", "aaa*x"], 5, "aaa: a* a*a a*aa aaa aaa*"),
    (["a*bc", "abc*"], 4, "abc: a* a*bc abc abc*"),
    (["a*aa", "aaa*"], 5, "aaa: a* a*a a*aa aaa aaa*"),
    (["ab*cd", "ab*wx", "ab*yz"], 6, "ab: ab ab* of each"),
    (["F*eatureFeature", "Fe*atureFeature", "Fea*tureFeature"], 10, "FeatureFeature: 4 + 3 + 3"),
]
"""Source: aws/event-ruler, MachineComplexityEvaluatorTest, testEvaluateTwoWildcardsNoCommonPrefix up to
testEvaluateWordEndingInSameLetterThatFollowsWildcard."""


@pytest.mark.parametrize(("texts", "expected", "why"), SEVERAL_WILDCARDS)
def test_wildcards_of_one_field_add_up_as_far_as_one_value_fits_them_all(texts, expected, why):
    assert score(*wildcards(*texts)) == expected, why
    assert score(*wildcards(*reversed(texts))) == expected, why


CLOSING_QUOTE = [
    # ruler's tests leave the quotes off; in a rule every text ends with one, and that is a letter more
    (["*"], 2, 'the whole value "": * and the end of the text'),
    (["*", "ab*c"], 4, "abc and its end: * ab* and both ends"),
    (["abc*", "abcde*"], 4, "abcde and its end: both wildcards and both ends"),
]


@pytest.mark.parametrize(("texts", "expected", "why"), CLOSING_QUOTE)
def test_the_end_of_a_value_is_a_position_too(texts, expected, why):
    assert score(*wildcards(*texts)) == expected, why


def test_a_set_of_32_wildcards_scores_as_in_rulers_own_test():
    """Source: aws/event-ruler, MachineComplexityEvaluatorTest.testEvaluateQuaminaExploder."""
    texts = (
        "aahed* aal*ii aargh* aarti* a*baca *abaci a*back ab*acs abaf*t *abaka ab*amp a*band *abase abash* abas*k ab*ate "
        "aba*ya abbas* abbed* ab*bes abbey* *abbot ab*cee abea*m abe*ar a*bele a*bers abet*s *abhor abi*de a*bies *abled"
    )

    assert score(*wildcards(*texts.split())) == 45


IN_A_PATTERN = [
    # pattern, score, why
    ({"a": ["x", {"prefix": "x"}, {"anything-but": "x"}]}, 0, "no wildcard"),
    (
        {"a": ["abc", {"wildcard": "a*bc"}, {"prefix": "a"}, {"equals-ignore-case": "ABC"}]},
        2,
        "the others are free",
    ),
    ({"a": wildcards("*aa"), "b": wildcards("*bbb")}, 4, "each field for itself, the worst one counts"),
    ({"a": anything_but("*ab")}, 2, "anything-but reads like the wildcard in it"),
    ({"a": anything_but("*1a", "*1b")}, 2, "its texts share what they have in common: * and *1 once"),
    ({"a": anything_but("*ab", "*ac")}, 3, "not so behind a letter that has two cases: * once, but *a twice"),
    ({"a": anything_but("ab*", "abc*")}, 3, "and they are at their end together: ab* abc* and one end"),
    ({"a": anything_but("*ab", "*ab")}, 2, "said twice in one anything-but is said once"),
    ({"a": wildcards(r"*\*\*")}, 3, "an escaped asterisk is a letter: * *(asterisk) *(asterisk)(asterisk)"),
    ({"a": wildcards("*éé")}, 3, "letters are bytes: * *é *éé"),
    ({"a": wildcards("*éè")}, 3, "é and è begin with the same byte, so half of é fits again"),
    ({"a": [{"exists": False}], "b": wildcards("*ab")}, 0, "ruler does not look behind exists: false"),
    ({"b": [{"exists": False}], "a": wildcards("*ab")}, 2, "but before it: fields are in alphabetical order"),
]


@pytest.mark.parametrize(("pattern", "expected", "why"), IN_A_PATTERN)
def test_what_counts_in_a_pattern(pattern, expected, why):
    assert wildcard_complexity(parse_pattern(pattern)) == expected, why
    assert wildcard_complexity(parse_pattern({"detail": pattern})) == expected, why


ALTERNATIVES = [
    # pattern, score, why
    ({"$or": [{"a": wildcards("*ab")}, {"b": wildcards("*cd")}]}, 2, "two fields"),
    ({"$or": [{"a": wildcards("*ab")}, {"a": wildcards("*ac")}]}, 4, "one field: both at once"),
    (
        {"$or": [{"a": ["x"], "b": wildcards("*ab")}, {"a": ["y"], "b": wildcards("*ac")}]},
        2,
        "never both at once",
    ),
    (
        {"$or": [{"a": ["x"], "b": wildcards("*ab")}, {"a": ["x"], "b": wildcards("*ac")}]},
        4,
        "x leads to both",
    ),
    (
        {"a": wildcards("*12"), "$or": [{"x": [1]}, {"y": [1]}]},
        2,
        "the wildcard before the alternatives is shared",
    ),
    (
        {"a": wildcards("*ab"), "$or": [{"x": [1]}, {"y": [1]}]},
        3,
        "but for what ruler cannot share: *a twice",
    ),
    ({"z": wildcards("*ab"), "$or": [{"x": [1]}, {"y": [1]}]}, 2, "behind the alternatives each has its own"),
]


@pytest.mark.parametrize(("pattern", "expected", "why"), ALTERNATIVES)
def test_alternatives_add_up_where_they_look_at_the_same_field_after_the_same_fields(pattern, expected, why):
    assert wildcard_complexity(parse_pattern(pattern)) == expected, why


def test_many_alternatives_behind_a_harmless_wildcard_make_a_rule_too_complex():
    """Fields are read in alphabetical order: under a name behind those of the alternatives it would stay harmless."""
    alternatives = [{f"detail{number}": ["x"]} for number in range(12)]

    assert score({"wildcard": "*user*"}) == 3
    assert wildcard_complexity(parse_pattern({"a": wildcards("*user*"), "$or": alternatives})) == 25
    assert wildcard_complexity(parse_pattern({"z": wildcards("*user*"), "$or": alternatives})) == 3


def test_a_score_above_the_ceiling_is_the_ceiling():
    pattern = parse_pattern({"a": wildcards(SEVENTEEN)})

    assert wildcard_complexity(pattern, ceiling=17) == 17
    assert wildcard_complexity(pattern, ceiling=ADVISED_CEILING) == ADVISED_CEILING


def test_five_repetitions_of_a_letter_between_wildcards_are_over_the_advised_ceiling():
    assert score({"wildcard": TOO_COMPLEX}) == 11 > ADVISED_CEILING


def test_rules_of_one_bus_add_up_where_one_value_fits_them_all():
    rules = [parse_pattern({"a": wildcards(text)}) for text in ("*ab", "*ac", "x*y")]

    assert [wildcard_complexity(rule) for rule in rules] == [2, 2, 2]
    assert (
        bus_wildcard_complexity(rules) == 5
    )  # xa: * and *a of the first, of the second, and x* of the third
    assert bus_wildcard_complexity([]) == 0


USES = [
    ({"a": ["x"]}, False),
    ({"a": ["*"]}, False),
    ({"a": anything_but("x*")}, True),
    ({"a": [{"anything-but": ["x*"]}]}, False),
    ({"a": ["x", {"wildcard": "x*"}]}, True),
    ({"a": wildcards("no asterisk")}, True),
    ({"detail": {"$or": [{"a": ["x"]}, {"b": wildcards("x*")}]}}, True),
]


@pytest.mark.parametrize(("pattern", "expected"), USES)
def test_a_rule_uses_a_wildcard_wherever_it_stands(pattern, expected):
    assert uses_wildcard(parse_pattern(pattern)) is expected


LONGEST = [
    # patterns of about 4,096 characters, the most that EventBridge takes
    (wildcards("a*" * 2000), 100),
    (wildcards("*" + "a" * 4000), 100),
    (wildcards("*" + "ab" * 2000), 100),
    (wildcards("1" * 4000), 1),
    (anything_but(*(f"{number:03d}*" for number in range(500))), 2),
    (anything_but("*" + "abcdefghij" * 4, *(f"{number:03d}*" for number in range(480))), 6),
]


@pytest.mark.parametrize(("values", "expected"), LONGEST)
def test_the_longest_patterns_have_a_score_too(values, expected):
    assert score(*values) == expected


def test_a_thousand_alternatives_have_a_score_too():
    ten = [{f"y{number}": [1]} for number in range(10)]
    pattern = {f"x{number}": {"$or": ten} for number in range(3)}

    assert wildcard_complexity(parse_pattern({**pattern, "a": wildcards("*" + "1" * 1000)})) == 100
    assert wildcard_complexity(parse_pattern({**pattern, "z": wildcards("*" + "abc" * 3)})) == 4


TEXTS = st.lists(
    st.text("ab*", max_size=4).filter(lambda text: "**" not in text), min_size=1, max_size=2, unique=True
)
VALUES = [
    f'"{"".join(letters)}{end}'
    for length in range(9)
    for letters in product("ab", repeat=length)
    for end in ("", '"')
]


@settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(TEXTS)
def test_the_score_is_what_trying_every_value_finds(texts):
    quoted = [f'"{text}"' for text in texts]
    beginnings = [text[: end + 1] for text in quoted for end in range(len(text))]
    fits = [re.compile(beginning.replace("*", ".*")).fullmatch for beginning in beginnings]

    worst = max(sum(fit(value) is not None for fit in fits) for value in VALUES)

    assert score(*wildcards(*texts)) == worst
