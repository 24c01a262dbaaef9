"""Files of a verification are written one by one; what cannot be written is told, and hides nothing."""

from types import SimpleNamespace

import pytest
from sample_verifications import lossy

from gcbridge.errors import UsageError
from gcbridge.workflows.verify_reports import ReportFiles, check_key, write_reports

BRIDGE, REPORT = lossy()
ENVIRONMENT = SimpleNamespace(resolve=lambda: BRIDGE)


def test_what_cannot_be_written_keeps_nothing_from_being_written(tmp_path):
    """A folder whose name is a file's; the page goes to a folder that is made for it."""
    (tmp_path / "file").touch()
    files = ReportFiles(junit=tmp_path / "file/report.xml", html=tmp_path / "new/folder/report.html")

    (failure,) = write_reports(None, ENVIRONMENT, REPORT, files)

    assert failure.summary == "the report cannot be written"
    assert failure.where == str(files.junit)
    assert files.html.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("key", ["", None, "0123456789abcdef"])
def test_no_key_and_a_long_key_are_keys_to_go_on_with(key):
    """Without one, nothing is signed."""
    check_key(SimpleNamespace(environ={"GCBRIDGE_EVIDENCE_KEY": key}))


def test_a_short_key_is_told_before_anything_is_verified():
    """Not after an hour of it."""
    with pytest.raises(UsageError, match="shorter than 16 characters"):
        check_key(SimpleNamespace(environ={"GCBRIDGE_EVIDENCE_KEY": "short"}))
