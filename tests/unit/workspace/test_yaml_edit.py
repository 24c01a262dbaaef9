"""One value is set, and every other byte stays."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.study.key_paths import parse_path
from gcbridge.workspace.yaml_edit import plain_values, set_value

TEXT = """\
# what this is for

genesys:
  # where it lives
  region: eu-central-1   # Frankfurt
  topics:
    - v2.users.{id}.presence # each

# who gets what
rules:
  all: {targets: [log]}
  some:
    topics:
    - v2.users.{id}.presence
    targets:
      - log

  # not yet
targets:
  log:
    type: log_group
    # how long
    retention_days: 30
verify:
"""


def changed(path, value, text=TEXT):
    """Lines that are gone, lines that came."""
    new = set_value(text, parse_path(path), value)
    before, after = text.splitlines(), new.splitlines()
    gone = [line for line in before if line not in after]
    came = [line for line in after if line not in before]
    assert [line for line in before if line in after] == kept_in_order(before, after)
    return gone, came


def kept_in_order(before, after):
    """The lines that stay, in their order; a new line may look like an old one."""
    stayed = iter(after)
    return [line for line in before if line in after and line in stayed]


@pytest.mark.parametrize(
    ("path", "value", "gone", "came"),
    [
        (
            "genesys.region",
            "us-east-1",
            ["  region: eu-central-1   # Frankfurt"],
            ["  region: us-east-1 # Frankfurt"],
        ),
        ("genesys.region", None, ["  region: eu-central-1   # Frankfurt"], ["  region: # Frankfurt"]),
        ("genesys.org_id", "123", [], ['  org_id: "123"']),
        (
            "genesys.topics[0]",
            "v2.audits",
            ["    - v2.users.{id}.presence # each"],
            ["    - v2.audits"],
        ),
        ("genesys.topics[1]", "v2.audits", [], ["    - v2.audits"]),
        ("rules.all.enabled", False, ["  all: {targets: [log]}"], ["  all:", "    enabled: false"]),
        ("rules.some.enabled", False, [], ["    enabled: false"]),
        ("rules.some.topics", ["a"], ["    - v2.users.{id}.presence"], ["      - a"]),
        ("rules.new.targets", ["log"], [], ["  new:"]),
        ("targets.log.retention_days", 7, ["    retention_days: 30"], ["    retention_days: 7"]),
        ("targets.log.environment.NAME", "x", [], ["    environment:", "      NAME: x"]),
        ("verify.cause", "presence", [], ["  cause: presence"]),
        ("archive.retention_days", 365, [], ["archive:", "  retention_days: 365"]),
        ("extends", "../a.yaml", [], ["extends: ../a.yaml"]),
    ],
)
def test_only_that_value_changes(path, value, gone, came):
    """What is gone and what came; all other lines stay as they are, in their order."""
    assert changed(path, value) == (gone, came)


def test_a_flow_mapping_is_written_out_with_what_it_held():
    """It has no lines of its own to put another one between."""
    new = set_value(TEXT, parse_path("rules.all.enabled"), value=False)

    assert plain_values(new)["rules"]["all"] == {"targets": ["log"], "enabled": False}


def test_a_text_without_keys_gets_its_first():
    """A file of comments only is an environment to be."""
    assert (
        set_value("# mine\n", ("genesys", "region"), "eu-central-1")
        == "# mine\n\ngenesys:\n  region: eu-central-1\n"
    )
    assert set_value("", ("a",), 1) == "a: 1\n"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("genesys.region.x", "genesys.region holds no keys"),
        ("genesys[0]", "genesys has no entry 0"),
        ("genesys.topics[3]", "genesys.topics has no entry 3"),
        ("genesys.topics.first", "genesys.topics holds no keys"),
    ],
)
def test_a_path_through_something_else_is_refused(path, message):
    """And says at what."""
    with pytest.raises(UsageError, match=message.replace("[", r"\[")):
        set_value(TEXT, parse_path(path), 1)


def test_what_would_break_is_refused():
    """What is said once for two places cannot be changed for one."""
    text = "rules:\n  a: &same\n    enabled: true\n  b: *same\n"

    with pytest.raises(UsageError, match="cannot be set"):
        set_value(text, ("rules", "a", "enabled"), value=False)


@pytest.mark.parametrize("path", ["", "a..b", ".a", "[0]", "a.", 'a."b', "a[x]"])
def test_what_is_no_path_is_refused(path):
    """With what one looks like."""
    with pytest.raises(UsageError, match="no path"):
        parse_path(path)
