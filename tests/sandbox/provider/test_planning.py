"""Planning and JSON comparison as pure functions."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gcbridge.sandbox.provider.go_json import equivalent, marshal
from gcbridge.sandbox.provider.planning import plan_change
from gcbridge.sandbox.provider.resources.flow import Flow
from gcbridge.sandbox.provider.schema import STRING, Attribute, Block, Check, list_of_blocks
from gcbridge.sandbox.provider.validation import at_least, length_between
from gcbridge.sandbox.provider.wire import UNKNOWN, Value, decode, encode, without_unknowns

TEXT_HASH = hashlib.sha256(b"text").hexdigest()
BODY = Block(
    {
        "kind": Attribute(STRING, required=True, force_new=True),
        "note": Attribute(STRING, optional=True),
        "state": Attribute(STRING, optional=True, default="OFF"),
        "name": Attribute(STRING, optional=True, computed=True),
        "config": list_of_blocks(
            {"text": Attribute(STRING, optional=True, computed=True, json_equivalent=True)}
        ),
    }
)
PRIOR = {"kind": "a", "note": "", "state": "ON", "name": "given", "config": [{"text": '{"a":1}'}]}
EMPTY = {"kind": "a", "note": None, "state": None, "name": None, "config": None}


@pytest.mark.parametrize(
    ("prior", "proposed", "expected"),
    [
        (None, {}, {"state": "OFF", "name": UNKNOWN, "config": UNKNOWN, "note": None}),
        (None, {"config": [{"text": None}]}, {"config": [{"text": UNKNOWN}]}),
        (None, {"config": UNKNOWN}, {"config": UNKNOWN}),
        (PRIOR, {}, {"state": "OFF", "name": "given", "config": PRIOR["config"], "note": ""}),
        (PRIOR, {"config": [{"text": '{ "a": 1.0 }'}]}, {"config": PRIOR["config"]}),
        (PRIOR, {"config": [{"text": '{"a": 2}'}]}, {"config": [{"text": '{"a": 2}'}]}),
        (PRIOR, {"config": [{"text": None}, {"text": "x"}]}, {"config": [*PRIOR["config"], {"text": "x"}]}),
    ],
)
def test_planned_state(prior: Value, proposed: dict[str, Value], expected: dict[str, Value]) -> None:
    """Defaults, computed values and suppressed differences fill what the configuration leaves open."""
    planned = plan_change(BODY, prior, EMPTY | proposed)
    assert {name: planned.state[name] for name in expected} == expected
    assert planned.replace == ()


def test_changed_force_new_attribute_asks_for_replacement() -> None:
    """The path of the attribute goes to Terraform, which then plans the new object itself."""
    assert plan_change(BODY, PRIOR, EMPTY | {"kind": "b"}).replace == (("kind",),)


@pytest.mark.parametrize(
    ("stored", "planned"),
    [(None, UNKNOWN), ("", UNKNOWN), ("0" * 64, UNKNOWN), (TEXT_HASH, TEXT_HASH), (UNKNOWN, UNKNOWN)],
    ids=["imported", "failed", "changed", "unchanged", "new"],
)
def test_a_flow_whose_file_has_another_content_is_deployed(
    tmp_path: Path, stored: Value, planned: Value
) -> None:
    """Its hash is then known after apply, and so a difference."""
    file = tmp_path / "flow.yaml"
    file.write_text("text")
    state = {"filepath": str(file), "file_content_hash": stored}
    assert Flow().customize_plan(state)["file_content_hash"] == planned


@pytest.mark.parametrize("path", ["nowhere.yaml", "", UNKNOWN, "s3://bucket/flow.yaml"])
def test_a_file_that_cannot_be_read_is_no_difference(path: Value) -> None:
    """Validation and apply complain, the plan does not."""
    state = {"filepath": path, "file_content_hash": "old"}
    assert Flow().customize_plan(state) == state


@pytest.mark.parametrize(
    ("check", "value", "complaint"),
    [
        (length_between(1, 4), "", "expected length of name to be in the range (1 - 4), got "),
        (length_between(1, 4), "äö", None),
        (length_between(1, 4), "äöü", "expected length of name to be in the range (1 - 4), got äöü"),
        (at_least(10), 10, None),
        (at_least(10), 9, "expected name to be at least (10), got 9"),
    ],
)
def test_checks_speak_as_the_real_provider(check: Check, value: Value, complaint: str | None) -> None:
    """A length is one of bytes, as in Go."""
    assert check("name", value) == complaint


@pytest.mark.parametrize(
    ("original", "incoming", "same"),
    [
        ('{"a":1,"b":2}', '{ "b": 2, "a": 1 }', True),
        ('{"a":1}', '{"a":1.0,"b":null}', True),
        ('{"a":[{"b":1}]}', '{"a":[{"b":1,"c":null}]}', True),
        ('{"a":1,"b":null}', '{"a":1}', False),
        ('{"a":[1,2]}', '{"a":[2,1]}', False),
        ('{"a":[null]}', '{"a":[]}', False),
        ('{"a":1}', '{"a":true}', False),
        ("{}", "", False),
        ("nonsense", "nonsense", True),
    ],
)
def test_json_equivalence(original: str, incoming: str, same: bool) -> None:
    """Only what the real provider hides is hidden."""
    assert equivalent(original, incoming) is same


def test_json_is_written_as_jsonencode_writes_it() -> None:
    """Sorted, compact, with Go's HTML escapes and plain Unicode."""
    assert marshal({"b": "<ä&>", "a": [1, None]}) == '{"a":[1,null],"b":"\\u003cä\\u0026\\u003e"}'


def test_unknown_values_survive_the_wire() -> None:
    """Both directions, at any depth; after apply they are null."""
    value = {"a": UNKNOWN, "b": [{"c": UNKNOWN, "d": 1}]}
    assert decode(encode(value)) == value
    assert without_unknowns(value) == {"a": None, "b": [{"c": None, "d": 1}]}
