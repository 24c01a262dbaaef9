"""What init leaves behind when it cannot go on."""

import pytest

from gcbridge.cli.starter import starter_text
from gcbridge.errors import EnvironmentInvalidError, GenesysError
from gcbridge.workflows.init import init
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace


@pytest.mark.parametrize(
    ("genesys_region", "aws_region", "topics", "key"),
    [
        ("eu-centrall-1", "eu-central-1", [], "genesys.region"),
        ("eu-central-1", "eu-centrall-1", [], "aws.region"),
        ("eu-central-1", "eu-central-1", ["not a topic"], "genesys.topics[0]"),
    ],
)
def test_a_mistyped_option_leaves_no_file_behind(tmp_path, genesys_region, aws_region, topics, key):
    """A file would win over the corrected command, which would then fail with the same message."""
    rooms = Rooms(Workspace(tmp_path), environ={})

    with pytest.raises(EnvironmentInvalidError) as caught:
        init(rooms, "dev", starter=starter_text("dev", genesys_region, aws_region, topics))

    assert [problem.key for problem in caught.value.problems] == [key]
    assert "environments/dev.yaml" not in caught.value.detail
    assert "nothing was written" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_valid_starter_is_written_before_anybody_is_asked(tmp_path):
    """Without credentials init ends there, and the file can be edited until they are set."""
    rooms = Rooms(Workspace(tmp_path), environ={})
    starter = starter_text("dev", "eu-central-1", "eu-west-1", [])

    with pytest.raises(GenesysError):
        init(rooms, "dev", starter=starter)

    assert (tmp_path / "environments" / "dev.yaml").read_text() == starter
