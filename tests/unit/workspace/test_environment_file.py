"""Environment files keep the line of every value, through `extends`."""

from pathlib import Path

import pytest

from gcbridge.errors import EnvironmentInvalidError, EnvironmentMissingError, UsageError
from gcbridge.model.origin import Origin
from gcbridge.workspace.environment_file import add_values, read_environment
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


def test_paths_are_relative_to_the_file_that_wrote_them(tmp_path):
    """A mirror named in a shared base file means the same from everywhere."""
    workspace = workspace_with(tmp_path, dev="terraform: {provider_mirror: ../mirror}\n")

    assert read_environment(workspace, "dev").values["terraform"]["provider_mirror"] == str(
        tmp_path / "mirror"
    )


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


def test_values_cannot_be_added_to_a_section_on_one_line(tmp_path):
    """Rather than rewriting `{...}`, gcbridge says what to write."""
    path = tmp_path / "dev.yaml"
    path.write_text("genesys: {region: eu-central-1}\n")

    with pytest.raises(UsageError) as caught:
        add_values(path, {("genesys", "org_id"): "abc"})

    assert caught.value.hint == 'add by hand to genesys: org_id: "abc"'
    assert path.read_text() == "genesys: {region: eu-central-1}\n"
