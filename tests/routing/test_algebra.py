"""Laws of event patterns that hold for every pattern and every event."""

from __future__ import annotations

from event_strategies import (
    DOTTED,
    NAMES,
    aimed_patterns,
    details,
    escaped,
    events,
    filled_texts,
    numbers,
    one_of_each,
    operators,
    scalars,
    texts,
    traffic,
    wildcards,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gcbridge.routing import Router

EVERYWHERE = NAMES + DOTTED

examples = settings(
    max_examples=110, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def matches(pattern, event):
    return Router({"rule": pattern}).match(event) == ("rule",)


def accepts(operators, value):
    """Whether an array of operators accepts one plain value."""
    return matches({"v": operators}, {"v": value})


@examples
@given(traffic(EVERYWHERE))
def test_many_rules_answer_as_one_router_for_each(rules_and_events):
    """What the rules share, and how they are found, changes no answer."""
    rules, sent = rules_and_events
    named = {f"rule-{number}": pattern for number, pattern in enumerate(rules)}
    together = Router(named)

    for event in sent:
        alone = tuple(name for name, pattern in named.items() if matches(pattern, event))
        assert together.match(event) == alone


@examples
@given(traffic(EVERYWHERE, rules=3))
def test_explanation_agrees_with_the_answer(rules_and_events):
    """A rule is explained as matching if and only if it matches."""
    rules, sent = rules_and_events
    router = Router({str(number): pattern for number, pattern in enumerate(rules)})

    for event in sent:
        explained = tuple(name for name in router.rules if router.explain(event, name).matched)
        assert explained == router.match(event)


def with_one_more(node, operator):
    """The pattern with one more operator in every array of operators."""
    if isinstance(node, dict):
        return {name: with_one_more(child, operator) for name, child in node.items()}
    return [*node, operator]


@examples
@given(one_of_each().filter(lambda both: "$or" not in str(both[0])), operators)
def test_one_more_value_in_an_array_never_removes_a_match(pattern_and_event, one_more):
    """An array of operators is an or."""
    pattern, event = pattern_and_event

    assert matches(with_one_more(pattern, one_more), event) >= matches(pattern, event)


@examples
@given(st.lists(operators, min_size=1, max_size=4), scalars)
def test_an_array_accepts_what_one_of_its_operators_accepts(listed, value):
    assert accepts(listed, value) == any(accepts([operator], value) for operator in listed)


@examples
@given(st.one_of(st.lists(texts, min_size=1), st.lists(numbers, min_size=1)), scalars)
def test_anything_but_is_the_complement_of_its_list(listed, value):
    """Of its texts as written: a plain text that is an address also equals other ways to write it."""
    plain = [{"exactly": item} if isinstance(item, str) else item for item in listed]

    assert accepts([{"anything-but": listed}], value) != accepts(plain, value)


@examples
@given(
    st.one_of(
        st.tuples(st.sampled_from(["prefix", "suffix"]), st.lists(filled_texts, min_size=1)),
        st.tuples(st.just("equals-ignore-case"), st.lists(texts, min_size=1)),
        st.tuples(st.just("wildcard"), st.lists(wildcards, min_size=1)),
    ),
    scalars,
)
def test_anything_but_is_the_complement_of_the_operator_that_it_is_put_around(excluded, value):
    name, listed = excluded

    assert accepts([{"anything-but": {name: listed}}], value) != accepts([{name: t} for t in listed], value)


@examples
@given(st.dictionaries(st.sampled_from(NAMES), scalars), st.sampled_from(NAMES))
def test_a_field_of_a_flat_event_exists_or_does_not(detail, name):
    there, absent = ({"detail": {name: [{"exists": wanted}]}} for wanted in (True, False))

    assert matches(there, {"detail": detail}) != matches(absent, {"detail": detail})


@examples
@given(st.one_of(texts, st.text(max_size=3)), st.one_of(scalars, st.text(max_size=6)))
def test_affixes_are_wildcards_at_one_end(text, value):
    """`prefix` is `text*`, `suffix` is `*text`, a plain text is a wildcard without `*`."""
    assert accepts([{"prefix": text}], value) == accepts([{"wildcard": escaped(text) + "*"}], value)
    assert accepts([{"suffix": text}], value) == accepts([{"wildcard": "*" + escaped(text)}], value)
    assert accepts([{"exactly": text}], value) == accepts([{"wildcard": escaped(text)}], value)


@examples
@given(
    events().flatmap(
        lambda event: st.tuples(st.just(event), st.lists(aimed_patterns(event), min_size=2, max_size=3))
    )
)
def test_or_is_the_union_of_its_branches(event_and_branches):
    """One rule with `$or` matches where one of the rules that each have one branch does."""
    event, branches = event_and_branches
    beside = {"version": [{"exists": False}]}
    one_each = Router({str(number): beside | branch for number, branch in enumerate(branches)})

    assert matches(beside | {"$or": branches}, event) == bool(one_each.match(event))


def turned_round(node, *, arrays):
    """The same JSON with the keys of every object, and where wanted the elements of every array, in reverse."""
    if isinstance(node, dict):
        return {name: turned_round(node[name], arrays=arrays) for name in reversed(node)}
    if isinstance(node, list):
        return [turned_round(item, arrays=arrays) for item in (reversed(node) if arrays else node)]
    return node


@examples
@given(one_of_each().filter(lambda both: "$or" not in str(both[0])))
def test_order_of_keys_and_of_array_elements_does_not_matter(pattern_and_event):
    """Of a field that stands in `$or` and outside the last is used, so there the order does matter."""
    pattern, event = pattern_and_event
    answer = matches(pattern, event)

    assert matches(turned_round(pattern, arrays=False), event) == answer
    assert matches(pattern, turned_round(event, arrays=True)) == answer


def doubled(node):
    """Every array of an event holds each of its elements twice."""
    if isinstance(node, dict):
        return {name: doubled(child) for name, child in node.items()}
    return [doubled(item) for item in [*node, *node]] if isinstance(node, list) else node


@examples
@given(one_of_each(EVERYWHERE))
def test_an_array_element_that_stands_there_twice_changes_nothing(pattern_and_event):
    pattern, event = pattern_and_event

    assert matches(pattern, doubled(event)) == matches(pattern, event)


@examples
@given(one_of_each(EVERYWHERE), details(["other", "unknown"]))
def test_fields_that_no_pattern_names_change_nothing(pattern_and_event, more):
    """However the unknown part looks."""
    pattern, event = pattern_and_event
    assume(isinstance(event["detail"], dict))

    assert matches(pattern, {**event, "detail": {**more, **event["detail"]}}) == matches(pattern, event)
