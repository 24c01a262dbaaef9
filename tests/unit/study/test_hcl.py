"""A Python value becomes the HCL literal that means it, whatever it holds."""

import pytest
from hcl_reading import evaluated_parts, read_hcl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gcbridge.study.hcl import Reference, hcl_literal, quoted

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SYNTAX = st.text(st.sampled_from('${}%~"\\\n\r\t\0#/*<EOT if'))
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: "e" not in repr(number)
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT | SYNTAX,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | SYNTAX, inner, max_size=4),
    max_leaves=12,
)

LITERALS = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-7, "-7"),
    (1.0, "1.0"),
    (1e-07, "1e-07"),
    ("", '""'),
    ("plain", '"plain"'),
    ('say "hi"', r'"say \"hi\""'),
    ("back\\slash", r'"back\\slash"'),
    ("a\nb\tc\rd", r'"a\nb\tc\rd"'),
    ("\0\x7f\x85", r'"\u0000\u007f\u0085"'),
    ("right-to-left \u202e", r'"right-to-left \u202e"'),
    ("\U000e0001", r'"\U000e0001"'),
    ("é 日本 🦊", '"é 日本 🦊"'),
    ("${var.x}", '"$${var.x}"'),
    ("%{if true}", '"%%{if true}"'),
    ("$${x} $$${y} %%{z}", '"$$${x} $$$${y} %%%{z}"'),
    ("$", '"$"'),
    ("%", '"%"'),
    ("${", '"$${"'),
    (Reference("module.event_bus.arn"), "module.event_bus.arn"),
    ([], "[]"),
    (["one"], '["one"]'),
    ({}, "{}"),
]


@pytest.mark.parametrize(("value", "literal"), LITERALS)
def test_literal_of(value, literal):
    """Each kind of value has one literal."""
    assert hcl_literal(value) == literal


def test_mapping_is_aligned_as_terraform_fmt_aligns():
    """Neighbours of one line share a column; a value of several lines stands for itself."""
    value = {"a": 1, "longer": "x", "nested": {"b": (1, 2)}, "z z": None, "for": True, "clé": []}
    assert hcl_literal(value, indent=2) == (
        "{\n"
        "    a      = 1\n"
        '    longer = "x"\n'
        "    nested = {\n"
        "      b = [\n"
        "        1,\n"
        "        2,\n"
        "      ]\n"
        "    }\n"
        '    "z z" = null\n'
        '    "for" = true\n'
        '    "clé" = []\n'
        "  }"
    )


def test_key_beyond_latin_is_escaped():
    """A key of many code points and few columns could not be aligned, so it is written in ASCII."""
    assert hcl_literal({"👩‍👧": 1}) == '{\n  "\\U0001f469\\u200d\\U0001f467" = 1\n}'


@settings(deadline=None)
@given(VALUES)
@example({"for": 1, "null": None, "": "${x}", "a\nb": "%{endif}"})
@example("ends with $")
@example("ends with %")
@example("$$${%%%{~")
@example("\0")
def test_value_survives_and_is_never_evaluated(value):
    """Read back, every literal is the value it was made from, and holds nothing that HCL evaluates."""
    text = f"value = {hcl_literal(value)}\n"
    assert read_hcl(text) == {"value": value}
    assert evaluated_parts(text) == []


@pytest.mark.parametrize("text", ['"${var.x}"', '"%{ if true }a%{ endif }"', "<<EOT\n${var.x}\nEOT"])
def test_reader_sees_what_would_be_evaluated(text):
    """The judge of the test above knows the difference."""
    assert evaluated_parts(f"value = {text}\n")


@given(TEXT | SYNTAX)
def test_quoted_text_stays_on_one_line(text):
    """A literal that cannot hold a line end cannot begin a heredoc, a comment or a block."""
    assert len(quoted(text).splitlines()) == 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_number_that_is_not_finite_is_refused(number):
    """HCL cannot write it, so it must not be written as something else."""
    with pytest.raises(ValueError, match="HCL has no number"):
        hcl_literal(number)


def test_lone_surrogate_is_refused():
    """UTF-8 cannot carry it, so the file could not be written."""
    with pytest.raises(ValueError, match="surrogate U\\+D800"):
        hcl_literal("\ud800")


@pytest.mark.parametrize("value", [object(), b"bytes", {1: "number as key"}, {"a", "set"}])
def test_value_without_a_literal_is_refused(value):
    """Guessing a text for it could change what it means."""
    with pytest.raises(TypeError, match="HCL"):
        hcl_literal(value)


@pytest.mark.parametrize(
    "address", ["", "module", "module.x[0]", "module.x.arn }", 'file("x")', "a..b", "${x.y}"]
)
def test_reference_is_nothing_but_a_dotted_traversal(address):
    """What is written unquoted cannot be more than a reference."""
    with pytest.raises(ValueError, match="no reference"):
        Reference(address)
