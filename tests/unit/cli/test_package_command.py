"""gcbridge package: the zip file that the modules with a function take."""

import json
import zipfile

from typer.testing import CliRunner

from gcbridge.cli.app import app


def test_the_zip_file_and_its_hash(tmp_path):
    """The hash is what Terraform compares, the file what Lambda gets."""
    source = tmp_path / "function"
    source.mkdir()
    (source / "handler.py").write_text("def handle(event, context): ...\n")
    target = tmp_path / "out" / "function.zip"
    plain = CliRunner().invoke(app, ["package", str(source), str(target)])
    written = json.loads(CliRunner().invoke(app, ["package", str(source), str(target), "--json"]).stdout)
    assert (plain.exit_code, written) == (0, {"file": str(target), "sha256_base64": plain.stdout.strip()})
    assert zipfile.ZipFile(target).namelist() == ["handler.py"]


def test_no_folder_no_file(tmp_path):
    """What is not there is named, and nothing is written."""
    done = CliRunner().invoke(app, ["package", str(tmp_path / "missing"), str(tmp_path / "x.zip")])
    assert done.exit_code == 1
    assert "no such folder or zip file" in done.stderr
    assert list(tmp_path.iterdir()) == []
