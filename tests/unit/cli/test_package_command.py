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


def test_requirements_are_packaged_along(tmp_path):
    """An empty file needs nothing; an open one is refused, with what to type."""
    source, needs = tmp_path / "function", tmp_path / "requirements.txt"
    source.mkdir()
    (source / "handler.py").write_text("def handle(event, context): ...\n")
    arguments = ["package", str(source), str(tmp_path / "x.zip"), "--requirements", str(needs)]
    needs.write_text("# nothing yet\n")
    assert CliRunner().invoke(app, arguments).exit_code == 0
    needs.write_text("requests\n")
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "requests: no version" in done.stderr
    assert "uv pip compile --generate-hashes" in " ".join(done.stderr.split())


def test_how_to_install_nothing(tmp_path):
    """An option that would mean nothing is not taken in silence."""
    done = CliRunner().invoke(app, ["package", str(tmp_path), str(tmp_path / "x.zip"), "--platform", "any"])
    assert done.exit_code == 2
    assert "add --requirements FILE" in done.stderr


def test_no_folder_no_file(tmp_path):
    """What is not there is named, and nothing is written."""
    done = CliRunner().invoke(app, ["package", str(tmp_path / "missing"), str(tmp_path / "x.zip")])
    assert done.exit_code == 1
    assert "no such folder or zip file" in done.stderr
    assert list(tmp_path.iterdir()) == []
