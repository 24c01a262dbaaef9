"""Files appear whole or not at all."""

import pytest

from gcbridge.atomic import write_atomically


def test_a_file_and_its_folder_appear_with_the_asked_mode(tmp_path):
    """Text and bytes alike."""
    write_atomically(tmp_path / "new" / "text", "ü\n", mode=0o600)
    write_atomically(tmp_path / "new" / "bytes", b"\x00")

    assert (tmp_path / "new" / "text").read_text(encoding="utf-8") == "ü\n"
    assert (tmp_path / "new" / "text").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "bytes").read_bytes() == b"\x00"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    """A folder stands where the file should go, so the last step fails."""
    (tmp_path / "taken" / "inside").mkdir(parents=True)

    with pytest.raises(OSError, match="taken"):
        write_atomically(tmp_path / "taken", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """A file stands where the folder should be; whoever tells a person about it needs the path."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(OSError, match="taken") as caught:
        write_atomically(tmp_path / "taken" / "file", "text")

    assert str(tmp_path / "taken") in str(caught.value.filename)
