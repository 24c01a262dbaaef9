"""Bundled templates and modules are found, and a workspace's own stand in for them."""

from pathlib import Path, PurePosixPath

import pytest

from gcbridge.errors import GcbridgeError
from gcbridge.workspace.assets import find_bundled, read_render_sources

BUNDLED = {
    "templates/aws/main.tf.j2": "bundled main",
    "templates/aws/outputs.tf.j2": "bundled outputs",
    "modules/queue/main.tf": "bundled queue",
    "modules/queue/outputs.tf": "bundled queue outputs",
    "modules/queue/README.md": "not part of it",
    "modules/queue/tests/queue.tftest.hcl": "not part of it",
    "modules/queue/tests/setup/main.tf": "not part of it",
    "modules/rule/main.tf": "bundled rule",
}


def write_tree(root, files):
    """Real files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def bundled(tmp_path):
    """What gcbridge brings."""
    return write_tree(tmp_path / "bundled", BUNDLED)


def test_module_is_its_terraform_files(bundled):
    """README and tests stay at home; they are not what Terraform applies."""
    sources = read_render_sources(None, bundled)
    assert sources.modules["queue"] == {
        PurePosixPath("main.tf"): "bundled queue",
        PurePosixPath("outputs.tf"): "bundled queue outputs",
    }
    assert sources.overrides == ()


def test_workspace_replaces_a_template_and_leaves_its_neighbours(bundled, tmp_path):
    """Templates are replaced file by file."""
    workspace = write_tree(tmp_path / "own", {"templates/aws/main.tf.j2": "own main"})
    sources = read_render_sources(workspace, bundled)
    assert sources.templates == {"aws/main.tf.j2": "own main", "aws/outputs.tf.j2": "bundled outputs"}
    assert sources.overrides == ("templates/aws/main.tf.j2",)


def test_workspace_replaces_a_module_as_a_whole(bundled, tmp_path):
    """A mixture of two modules would be neither."""
    workspace = write_tree(
        tmp_path / "own", {"modules/queue/main.tf": "own queue", "modules/new/main.tf": "new"}
    )
    sources = read_render_sources(workspace, bundled)
    assert sources.modules["queue"] == {PurePosixPath("main.tf"): "own queue"}
    assert set(sources.modules) == {"queue", "rule", "new"}
    assert sources.overrides == ("modules/new", "modules/queue")


def test_equal_text_is_no_override(bundled):
    """A checkout of gcbridge is a workspace that overrides nothing."""
    assert read_render_sources(bundled, bundled) == read_render_sources(None, bundled)


def test_workspace_without_own_files_changes_nothing(bundled, tmp_path):
    """Most workspaces hold only environments/."""
    assert read_render_sources(tmp_path / "empty", bundled) == read_render_sources(None, bundled)


def test_line_ends_of_another_system_become_ours(bundled):
    """A checkout with CRLF renders the same bytes."""
    (bundled / "modules/rule/main.tf").write_bytes(b"a\r\nb\r\n")
    assert read_render_sources(None, bundled).modules["rule"][PurePosixPath("main.tf")] == "a\nb\n"


def test_file_that_is_no_text_is_named(bundled):
    """The error says which file."""
    (bundled / "modules/rule/main.tf").write_bytes(b"\xff\xfe")
    with pytest.raises(GcbridgeError, match="not UTF-8") as caught:
        read_render_sources(None, bundled)
    assert caught.value.where == str(bundled / "modules/rule/main.tf")


LAYOUTS = [("installed", "lib/gcbridge", "lib/gcbridge"), ("checkout", "src/gcbridge", ".")]


@pytest.mark.parametrize(
    ("package", "holder"), [case[1:] for case in LAYOUTS], ids=[case[0] for case in LAYOUTS]
)
def test_bundled_files_are_found_in(package, holder, tmp_path):
    """A wheel carries them inside the package, a checkout beside src/."""
    (tmp_path / package).mkdir(parents=True)
    write_tree(tmp_path / holder, BUNDLED)
    assert find_bundled(tmp_path / package) == tmp_path / holder


def test_incomplete_installation_says_what_to_type(tmp_path):
    """Without templates nothing can be rendered, and the person can mend it."""
    with pytest.raises(GcbridgeError, match="incomplete") as caught:
        find_bundled(tmp_path / "lib" / "gcbridge")
    assert caught.value.hint == "pip install --force-reinstall gcbridge"


def test_what_is_bundled_here_is_complete():
    """This checkout has templates for both stacks and every module they call."""
    sources = read_render_sources()
    assert {Path(name).parent.name for name in sources.templates} == {"shared", "genesys", "aws"}
    assert {"partner-event-bus", "event-rule", "target-sqs", "target-log-group"} <= set(sources.modules)
