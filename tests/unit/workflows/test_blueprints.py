"""Blueprints are found, read and copied; nothing that is there is overwritten."""

import shutil

import pytest
from init_workspace import EVENT, write_blueprint

from gcbridge.errors import GcbridgeError, UsageError
from gcbridge.workspace.blueprints import copy_files, list_blueprints, read_blueprint
from gcbridge.workspace.layout import Workspace


@pytest.fixture
def places(tmp_path):
    """A workspace, and a folder of bundled blueprints with two in it."""
    write_blueprint(tmp_path / "bundled", "tiny")
    write_blueprint(tmp_path / "bundled", "other")
    (tmp_path / "mine").mkdir()
    return Workspace(tmp_path / "mine"), tmp_path / "bundled"


def test_the_workspaces_own_blueprint_wins(places):
    """And the list says where each lies."""
    workspace, bundled = places
    write_blueprint(workspace.root, "tiny", **{"blueprint.yaml": "title: ours\n"})

    assert [(entry.name, entry.title, entry.origin) for entry in list_blueprints(workspace, bundled)] == [
        ("other", "Presence in a queue", "bundled"),
        ("tiny", "ours", "blueprints/tiny"),
    ]
    assert read_blueprint(workspace, "tiny", bundled).about.title == "ours"


def test_an_unknown_one_is_answered_with_the_nearest(places):
    """And with all that there are."""
    with pytest.raises(UsageError) as caught:
        read_blueprint(*places[:1], "tinny", places[1])
    assert caught.value.hint == "did you mean tiny?"
    assert caught.value.detail == "blueprints here: other, tiny"


@pytest.mark.parametrize(
    ("file", "text", "detail"),
    [
        ("blueprint.yaml", "title: [", "not YAML"),
        ("blueprint.yaml", "titel: x\n", "title: Field required"),
        (
            "blueprint.yaml",
            "title: x\nasks: [{path: a, question: b}, {path: a, question: c}]\n",
            "asked twice: a",
        ),
    ],
)
def test_a_damaged_one_says_where(places, file, text, detail):
    """The file, and what is wrong in it."""
    workspace, bundled = places
    write_blueprint(bundled, "tiny", **{file: text})

    with pytest.raises(GcbridgeError, match="cannot be used") as caught:
        read_blueprint(workspace, "tiny", bundled)
    assert detail in caught.value.detail
    assert caught.value.where.endswith(f"tiny/{file}")


def test_a_missing_fragment_says_so(places):
    """A blueprint needs both files."""
    workspace, bundled = places
    (bundled / "blueprints/tiny/environment.yaml").unlink()

    with pytest.raises(GcbridgeError, match="cannot be used") as caught:
        read_blueprint(workspace, "tiny", bundled)
    assert caught.value.where.endswith("tiny/environment.yaml")


@pytest.mark.parametrize("link", ["events/link.json", "flows", "functions/crm_sync/more"])
def test_a_link_out_of_the_blueprint_is_refused(places, tmp_path, link):
    """What is copied is committed and packaged: a blueprint from elsewhere may not gather this machine's files."""
    workspace, bundled = places
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "key.yaml").write_text("secret")
    place = bundled / "blueprints/tiny" / link
    place.symlink_to(outside / "key.yaml" if place.suffix else outside)

    with pytest.raises(GcbridgeError, match="cannot be used") as caught:
        read_blueprint(workspace, "tiny", bundled)
    assert "leads out of the blueprint" in caught.value.detail


def test_a_blueprint_may_be_a_link_itself(places):
    """As where a team keeps its blueprints in one place."""
    workspace, bundled = places
    (workspace.root / "blueprints").mkdir()
    (workspace.root / "blueprints/linked").symlink_to(bundled / "blueprints/tiny")

    assert len(read_blueprint(workspace, "linked", bundled).files) == 2


def test_files_are_copied_once_and_never_over_others(places):
    """Equal ones are in neither list, different ones are kept; what tools leave beside code is left behind."""
    workspace, bundled = places
    cache = bundled / "blueprints/tiny/functions/crm_sync/__pycache__/handler.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"\0")
    blueprint = read_blueprint(workspace, "tiny", bundled)
    event, code = "environments/events/presence.json", "functions/crm_sync/handler.py"

    assert set(copy_files(workspace, blueprint).written) == {event, code}
    assert (workspace.root / event).read_text() == EVENT
    (workspace.root / code).write_text("mine\n")
    shutil.rmtree(workspace.root / "environments")
    again = copy_files(workspace, blueprint)

    assert (again.written, again.kept) == ((event,), (code,))
    assert (workspace.root / code).read_text() == "mine\n"
