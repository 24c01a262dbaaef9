"""A function's code becomes the same zip file wherever and whenever it is packaged."""

import base64
import hashlib
import io
import os
import zipfile

import pytest

from gcbridge.errors import GcbridgeError
from gcbridge.model.stack import FunctionPackage
from gcbridge.workspace.function_packages import PACKAGE_BYTES_MAX, package_function


def write_function(folder):
    """A function of three files, one of them executable."""
    (folder / "lib").mkdir(parents=True)
    (folder / "handler.py").write_text("def handle(event, context):\n    return event\n")
    (folder / "lib" / "names.py").write_text("NAME = 'x'\n")
    (folder / "bootstrap").write_text("#!/bin/sh\n")
    (folder / "bootstrap").chmod(0o755)
    return folder


def test_same_bytes_in_same_hash_out(tmp_path):
    """Neither the time, nor the order on disk, nor what an editor or test run leaves behind changes the hash."""
    one, other = write_function(tmp_path / "one"), write_function(tmp_path / "other")
    (other / "__pycache__").mkdir()
    (other / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"\0")
    os.utime(other / "handler.py", (1, 1))
    (other / "lib" / "names.py").chmod(0o600)
    assert package_function(one).sha256_base64 == package_function(other).sha256_base64


def test_the_hash_is_known_beforehand(tmp_path):
    """A change of the packaging itself would change every plan, so it has to be seen here."""
    package = package_function(write_function(tmp_path / "function"))
    assert package.sha256_base64 == base64.b64encode(hashlib.sha256(package.content).digest()).decode()
    assert package.sha256_base64 == "OT9d4br5Wwed6/QrlORp6v244GHJN7TQDSqRJITyv70="


def test_what_is_packaged_can_be_unpacked(tmp_path):
    """Names are relative to the folder, and what may be executed stays so."""
    package = package_function(write_function(tmp_path / "function"))
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        assert archive.namelist() == ["bootstrap", "handler.py", "lib/names.py"]
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert modes == {"bootstrap": 0o755, "handler.py": 0o644, "lib/names.py": 0o644}


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "handler.py").write_text("x"),
        lambda folder: (folder / "handler.py").rename(folder / "app.py"),
        lambda folder: (folder / "new.py").write_text(""),
        lambda folder: (folder / "handler.py").chmod(0o755),
    ],
    ids=["bytes", "name", "file", "execute bit"],
)
def test_every_real_change_changes_the_hash(tmp_path, change):
    """What Lambda would run differently is a change of the plan."""
    folder = write_function(tmp_path / "function")
    before = package_function(folder).sha256_base64
    change(folder)
    assert package_function(folder).sha256_base64 != before


def test_a_zip_file_is_taken_as_it_is(tmp_path):
    """Somebody else built it; its bytes are not touched."""
    file = tmp_path / "function.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("handler.py", "x = 1\n")
    assert package_function(file) == FunctionPackage(file.read_bytes())


def test_what_cannot_be_packaged_is_named(tmp_path):
    """With the path, so that the environment file can be corrected."""
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "handler.py"
    text.write_text("x = 1\n")
    large = tmp_path / "large"
    large.mkdir()
    with (large / "data").open("wb") as data:
        data.truncate(PACKAGE_BYTES_MAX)
    for source, message in (
        (tmp_path / "missing", "no such folder or zip file"),
        (text, "no zip file"),
        (empty, "is empty"),
        (large, "Lambda takes 52,428,800"),
    ):
        with pytest.raises(GcbridgeError, match=message) as caught:
            package_function(source)
        assert caught.value.where == str(source)
