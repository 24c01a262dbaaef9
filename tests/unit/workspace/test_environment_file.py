"""Environment files keep the line of every value, through `extends`."""

import sys
from pathlib import Path

import pytest

from gcbridge.errors import EnvironmentInvalidError, EnvironmentMissingError, UsageError
from gcbridge.model.origin import Origin
from gcbridge.workspace.added_values import add_values
from gcbridge.workspace.environment_file import read_environment
from gcbridge.workspace.layout import Workspace, find_workspace


def workspace_with(folder: Path, **files: str) -> Workspace:
    (folder / "environments").mkdir()
    for name, text in files.items():
        (folder / "environments" / f"{name}.yaml").write_text(text)
    return Workspace(folder)


BASE = """\
aws:
  region: eu-central-1
  tags: {team: platform, tier: low}
genesys:
  topics:
    - v2.users.{id}.presence
rules:
  old: {targets: [q]}
"""
CHILD = """\
extends: _base.yaml
aws:
  tags:
    tier: high
genesys:
  topics: []
rules:
  old: null
"""


def test_extends_merges_mappings_and_replaces_everything_else(tmp_path):
    """Mappings merge key by key; lists and scalars replace; null removes."""
    workspace = workspace_with(tmp_path, _base=BASE, dev=CHILD)

    document = read_environment(workspace, "dev")

    assert document.values == {
        "aws": {"region": "eu-central-1", "tags": {"team": "platform", "tier": "high"}},
        "genesys": {"topics": []},
        "rules": {},
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("aws", "region"), Origin("environments/_base.yaml", 2)),
        (("aws", "tags", "team"), Origin("environments/_base.yaml", 3)),
        (("aws", "tags", "tier"), Origin("environments/dev.yaml", 4)),
        (("genesys", "topics"), Origin("environments/dev.yaml", 6)),
        (("genesys", "topics", 0), None),
        (("rules", "old"), None),
    ],
)
def test_every_value_knows_the_file_and_line_it_came_from(tmp_path, path, expected):
    """An overridden value names the overriding line, an inherited one the line it was inherited from."""
    workspace = workspace_with(tmp_path, _base=BASE, dev=CHILD)

    assert read_environment(workspace, "dev").origins.get(path) == expected


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"dev": "a: [1\n"}, "environments/dev.yaml:2: not YAML"),
        ({"dev": "a: 1\na: 2\n"}, "environments/dev.yaml:2: not YAML: found duplicate key"),
        ({"dev": "description: !!int x\n"}, "environments/dev.yaml:1: not YAML: invalid literal for int()"),
        ({"dev": "- 1\n"}, "environments/dev.yaml:1: an environment is a mapping"),
        ({"dev": "extends: 4\n"}, "environments/dev.yaml:1: extends: must be the path"),
        ({"dev": "b: 1\nextends: gone.yaml\n"}, "environments/dev.yaml:2: extends: gone.yaml does not exist"),
        (
            {"dev": "extends: two.yaml\n", "two": "extends: dev.yaml\n"},
            "goes in a circle: environments/dev.yaml",
        ),
    ],
)
def test_broken_files_are_refused_with_file_and_line(tmp_path, files, message):
    """Nothing about a broken file is left to guess."""
    workspace = workspace_with(tmp_path, **files)

    with pytest.raises(EnvironmentInvalidError) as caught:
        read_environment(workspace, "dev")

    assert message in caught.value.detail


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("q: &q {type: sqs}\nb: {<<: *q, queue_name: x}\n", ("b", "type"), 2),
        ("q: &q\n  type: sqs\nb:\n  queue_name: x\n  <<: *q\n", ("b", "type"), 3),
        ("q: &q\n  type: sqs\nb:\n  <<: *q\n", ("b", "type"), 3),
        ("q: &q {retry: {attempts: 1}}\nb: {<<: *q}\n", ("b", "retry", "attempts"), 1),
        ("q: &q\n  type: sqs\n<<: *q\n", ("type",), 1),
    ],
)
def test_merged_keys_have_the_line_of_the_mapping_that_merges_them(tmp_path, text, path, line):
    """YAML's `<<` brings keys that have no line of their own there."""
    workspace = workspace_with(tmp_path, dev=text)

    assert read_environment(workspace, "dev").origins[path] == Origin("environments/dev.yaml", line)


def test_a_merged_extends_is_followed(tmp_path):
    """It has no line of its own either."""
    workspace = workspace_with(
        tmp_path, _base="aws: {region: eu-west-1}\n", dev="<<: {extends: _base.yaml}\n"
    )

    assert read_environment(workspace, "dev").values["aws"] == {"region": "eu-west-1"}


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that even root cannot read")
def test_an_unreadable_file_is_named(tmp_path):
    """The kernel refuses to read /proc/self/mem from its start."""
    workspace = workspace_with(tmp_path)
    (workspace.environments / "dev.yaml").symlink_to("/proc/self/mem")

    with pytest.raises(EnvironmentInvalidError) as caught:
        read_environment(workspace, "dev")

    assert "cannot be read: Input/output error" in caught.value.detail
    assert caught.value.hint == f"ls -l {workspace.environments / 'dev.yaml'} shows who may read it"


def test_a_missing_extended_file_repeats_what_the_line_says_about_it(tmp_path):
    """The comment on the line is the best hint there is."""
    workspace = workspace_with(tmp_path, dev="extends: x.yaml # made by: some command\n")

    with pytest.raises(EnvironmentInvalidError) as caught:
        read_environment(workspace, "dev")

    assert caught.value.hint == "made by: some command"


def test_an_unquoted_topic_in_a_flow_list_is_explained(tmp_path):
    """YAML's own message does not help with the trap that topic templates set."""
    workspace = workspace_with(tmp_path, dev="topics: [v2.users.{id}.presence]\n")

    with pytest.raises(EnvironmentInvalidError) as caught:
        read_environment(workspace, "dev")

    assert "needs quotes" in caught.value.hint


def test_a_missing_environment_lists_those_that_exist(tmp_path):
    """People mistype names; base files are not offered."""
    workspace = workspace_with(tmp_path, _base="", dev="", prod="")

    with pytest.raises(EnvironmentMissingError) as caught:
        read_environment(workspace, "prd")

    assert caught.value.detail == "environments here: dev, prod"
    assert caught.value.hint == "did you mean prod?"


def test_a_name_that_could_leave_the_folder_is_refused(tmp_path):
    """An environment's name is never a path."""
    with pytest.raises(UsageError):
        Workspace(tmp_path).environment_file("../secrets")


@pytest.mark.parametrize(
    ("key", "written", "read"),
    [
        ("provider_mirror", "../mirror", "mirror"),
        ("provider_mirror", "mirror", "environments/mirror"),
        ("provider_mirror", "~/mirror", "home/mirror"),
        ("binary", "../tools/terraform", "tools/terraform"),
        ("binary", "./terraform", "environments/terraform"),
        ("binary", "~/bin/terraform", "home/bin/terraform"),
    ],
)
def test_paths_are_relative_to_the_file_that_wrote_them(tmp_path, monkeypatch, key, written, read):
    """A mirror named in a shared base file means the same from everywhere."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    workspace = workspace_with(tmp_path, dev=f"terraform: {{{key}: {written}}}\n")

    assert read_environment(workspace, "dev").values["terraform"][key] == str(tmp_path / read)


@pytest.mark.parametrize("written", ["tofu", "/opt/terraform"])
def test_a_binary_on_path_or_from_the_root_stays_as_written(tmp_path, written):
    """A bare name is a command, not a path."""
    workspace = workspace_with(tmp_path, dev=f"terraform: {{binary: {written}}}\n")

    assert read_environment(workspace, "dev").values["terraform"]["binary"] == written


def test_a_binary_that_is_a_link_keeps_its_name(tmp_path):
    """Version managers install `terraform` as a link to themselves and look at the name they are called by."""
    workspace = workspace_with(tmp_path, dev="terraform: {binary: ../terraform}\n")
    (tmp_path / "terraform").symlink_to("/bin/sh")

    assert read_environment(workspace, "dev").values["terraform"]["binary"] == str(tmp_path / "terraform")


def test_the_workspace_is_found_from_a_folder_inside_it(tmp_path):
    """gcbridge may be typed anywhere in a workspace."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "docs" / "deep").mkdir(parents=True)

    assert find_workspace(tmp_path / "docs" / "deep").root == tmp_path


def test_added_values_leave_every_other_line_alone(tmp_path):
    """What init writes must not cost the file its explanations."""
    path = tmp_path / "dev.yaml"
    path.write_text("# why\ngenesys:\n  # where it lives\n  region: eu-central-1 # Frankfurt\n\n# the end\n")

    add_values(path, {("genesys", "org_id"): "abc", ("aws", "account_id"): "000000000001"})

    assert path.read_text() == (
        '# why\ngenesys:\n  # where it lives\n  org_id: "abc"\n  region: eu-central-1 # Frankfurt\n\n# the end\n'
        'aws:\n  account_id: "000000000001"\n'
    )


ORG_ID = ("genesys", "org_id")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  org_id:\n", '  org_id: "abc"\n'),
        ("  org_id: ~\n", '  org_id: "abc"\n'),
        ("  org_id: null   # asked later\n", '  org_id: "abc"   # asked later\n'),
        ("  org_id: # asked later\n  # more\n", '  org_id: "abc" # asked later\n  # more\n'),
        ('  "org_id" : NULL\n', '  org_id: "abc"\n'),
    ],
)
def test_a_key_without_a_value_gets_it(tmp_path, before, after):
    """A second key of that name would be a file that cannot be loaded."""
    path = tmp_path / "dev.yaml"
    path.write_text(f"genesys:\n  region: eu-central-1\n{before}aws:\n  region: eu-central-1\n")

    add_values(path, {ORG_ID: "abc"})

    assert path.read_text() == f"genesys:\n  region: eu-central-1\n{after}aws:\n  region: eu-central-1\n"


def test_line_ends_stay(tmp_path):
    """A file from Windows stays one, so that a comparison shows the new line and nothing else."""
    path = tmp_path / "dev.yaml"
    path.write_bytes(b"genesys:\r\n  region: eu-central-1\r\n")

    add_values(path, {ORG_ID: "abc"})

    assert path.read_bytes() == b'genesys:\r\n  org_id: "abc"\r\n  region: eu-central-1\r\n'


def test_two_keys_without_a_value_both_get_theirs(tmp_path):
    """As init finds them in a file that was prepared by hand."""
    path = tmp_path / "dev.yaml"
    path.write_text("genesys:\n  org_id:\naws:\n  account_id: ~\n")

    add_values(path, {ORG_ID: "abc", ("aws", "account_id"): "000000000001"})

    assert path.read_text() == 'genesys:\n  org_id: "abc"\naws:\n  account_id: "000000000001"\n'


def test_a_linked_file_stays_a_link_and_keeps_its_mode(tmp_path):
    """What several workspaces share is changed where it lies."""
    workspace = workspace_with(tmp_path)
    shared, link = tmp_path / "shared.yaml", workspace.environments / "link.yaml"
    shared.write_text("genesys:\n  region: eu-central-1\n")
    shared.chmod(0o600)
    link.symlink_to("../shared.yaml")

    add_values(link, {ORG_ID: "abc"})

    assert link.is_symlink()
    assert shared.read_text() == 'genesys:\n  org_id: "abc"\n  region: eu-central-1\n'
    assert shared.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("genesys: {region: eu-central-1}\n", 1),
        ("{genesys: {org_id: }}\n", 1),
        ("{aws: {region: eu-central-1}}\n", 1),
        ("aws: {}\ngenesys:\n", 2),
        ("genesys:\n  org_id:\n    ~\n", 2),
        ("genesys:\n  region: eu-central-1\n  org_id: &later\n", 3),
        ('genesys:\n  org_id: "another"\n', 2),
        ("aws: &both\n  region: eu-central-1\ngenesys: *both\n", 3),
        ("q: &q {region: eu-central-1}\ngenesys:\n  <<: *q\n", 2),
        ("aws:\n  region: eu-central-1\n...\n", 1),
    ],
)
def test_what_cannot_be_added_as_text_is_left_to_the_person(tmp_path, text, line):
    """Rather than rewriting `{...}`, or a file that would then mean something else, gcbridge says what to write."""
    path = tmp_path / "dev.yaml"
    path.write_text(text)

    with pytest.raises(UsageError) as caught:
        add_values(path, {ORG_ID: "abc"})

    assert caught.value.hint == 'add by hand to genesys: org_id: "abc"'
    assert caught.value.where == f"{path}:{line}"
    assert path.read_text() == text
