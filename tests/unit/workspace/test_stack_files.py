"""A stack's folder holds what was rendered, and nothing of an earlier render."""

from pathlib import PurePosixPath

from gcbridge.model.stack import RenderedStack, StackName
from gcbridge.workspace.stack_files import write_stack


def stack(**files):
    return RenderedStack(StackName.GENESYS, {PurePosixPath(path): text for path, text in files.items()})


def test_a_flow_that_is_no_longer_rendered_is_removed(tmp_path):
    """Its file would lie there for ever; what Terraform keeps there stays."""
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "kept.yaml").write_text("")
    write_stack(tmp_path, stack(**{"main.tf": "a", "flows/one.yaml": "1", "flows/two.yaml": "2"}))

    touched = write_stack(tmp_path, stack(**{"main.tf": "a", "flows/one.yaml": "changed"}))

    assert touched == ("flows/one.yaml", "flows/two.yaml")
    assert [path.name for path in (tmp_path / "flows").iterdir()] == ["one.yaml"]
    assert (tmp_path / ".terraform" / "kept.yaml").exists()
