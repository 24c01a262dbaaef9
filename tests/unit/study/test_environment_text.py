"""Sections are put in order, and comments go with what they stand above."""

import pytest
from ruamel.yaml import YAML

from gcbridge.study.environment_text import compose_environment, scalar, split_blocks, starter_fragment

FRAGMENT = """\
# yaml-language-server: $schema=../schema.json
# what it is

# where to
targets:
  a: {type: sqs}
  # behind a

# which
rules: # all
  a: {targets: [a]}
"""


def test_blocks_keep_the_comments_above_them():
    """A blank line ends what a comment belongs to; the modeline is the header's."""
    preamble, blocks = split_blocks(FRAGMENT)

    assert preamble == ["# what it is"]
    assert blocks == {
        "targets": ["# where to", "targets:", "  a: {type: sqs}", "  # behind a"],
        "rules": ["# which", "rules: # all", "  a: {targets: [a]}"],
    }


def test_a_whole_file():
    """Own values first in their sections, sections as the schema has them, unknown ones at the end."""
    text = compose_environment(
        ["dev"],
        FRAGMENT + "aws:\n    tags: {a: b}\nnonsense: 1\n",
        {"genesys": {"region": "eu-central-1", "org_id": None}, "aws": {"account_id": "000000000001"}},
        {"extends": "../x.yaml"},
    )

    assert text == (
        "# yaml-language-server: $schema=./schema.json\n#\n# dev\n#\n# what it is\n\nextends: ../x.yaml\n\n"
        "genesys:\n  region: eu-central-1\n  org_id:\n\n"
        'aws:\n    account_id: "000000000001"\n    tags: {a: b}\n\n'
        "# which\nrules: # all\n  a: {targets: [a]}\n\n"
        "# where to\ntargets:\n  a: {type: sqs}\n  # behind a\n\nnonsense: 1\n"
    )


def test_a_section_on_one_line_is_left_alone():
    """Single values are set in it by whoever can read it."""
    text = compose_environment([], "aws: {tags: {a: b}}\n", {"aws": {"region": "x"}}, {})

    assert "aws: {tags: {a: b}}\n" in text


@pytest.mark.parametrize(
    ("topics", "cause"), [([], "integration_notes"), (["v2.users.{id}.presence"], "traffic")]
)
def test_a_starter_verifies_with_what_it_subscribes_to(topics, cause):
    """The harmless change of the notes is seen in audits only."""
    assert YAML(typ="safe").load(starter_fragment(topics))["verify"]["cause"] == cause


@pytest.mark.parametrize(
    "text",
    ["a", "yes", "null", "1", "1e3", "0x1", "", " a", "a ", "a: b", "a #b", "a:", "#a", "[a]", "{id}", "*a", "&a", "!a",
     "'a'", '"a"', "it's", "a\tb", "a\nb", "- a", "? a", "é", "~", ".5", "2026-12-01", "@a", "%a", "`a", "|", ">", ".inf"],
)  # fmt: skip
def test_text_stays_text(text):
    """Whatever it looks like."""
    assert YAML(typ="safe").load(f"key: {scalar(text)}\n") == {"key": text}
