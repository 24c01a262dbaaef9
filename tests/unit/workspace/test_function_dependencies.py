"""What a function imports is packaged along, to the same bytes on every machine."""

import base64
import hashlib
import io
import os
import tarfile
import zipfile

import pytest

from gcbridge.errors import GcbridgeError
from gcbridge.study.pinned_requirements import PythonRuntime, lambda_platforms
from gcbridge.workspace.function_dependencies import installed_dependencies
from gcbridge.workspace.function_packages import package_function

RUNTIME = PythonRuntime("3.13", lambda_platforms("3.13"))


def write_wheel(folder, name, files, *, needs=(), tag="py3-none-any"):
    """A wheel with these files; the hash that a requirements file names it by."""
    info = f"{name}-1.0.dist-info"
    requires = "".join(f"Requires-Dist: {need}\n" for need in needs)
    entries = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    rows = []
    for path, text in entries.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(text.encode())}\n")
    entries[f"{info}/RECORD"] = "".join(rows) + f"{info}/RECORD,,\n"
    folder.mkdir(exist_ok=True)
    wheel = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in entries.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return f"--hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


@pytest.fixture
def code(tmp_path, monkeypatch):
    """A function's folder; no index is asked, and pip keeps nothing."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    folder = tmp_path / "function"
    folder.mkdir()
    (folder / "handler.py").write_text("import greeting\n")
    return folder


def package(tmp_path, code, requirements, progress=None):
    """The package of a function with these requirements."""
    file = tmp_path / "requirements.txt"
    file.write_text(requirements)
    told = [] if progress is None else progress
    with installed_dependencies(file, RUNTIME, [str(tmp_path / "wheels")], told.append) as dependencies:
        return package_function(code, dependencies).content


def names(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def test_nothing_of_this_machine_is_packaged(tmp_path, code):
    """No command with a path to this Python, no record of who installed it, no compiled code."""
    pinned = write_wheel(tmp_path / "wheels", "greeting", {"greeting/__init__.py": "def main(): ...\n"})
    progress = []
    content = package(tmp_path, code, f"greeting==1.0 {pinned}\n", progress)
    assert names(content) == [
        "greeting-1.0.dist-info/METADATA",
        "greeting-1.0.dist-info/WHEEL",
        "greeting-1.0.dist-info/entry_points.txt",
        "greeting/__init__.py",
        "handler.py",
    ]
    assert str(tmp_path).encode() not in content
    assert [(one.subject, one.kind) for one in progress if one.kind != "running"] == [
        ("dependencies", "started"),
        ("dependencies", "finished"),
    ]


def test_twice_the_same_bytes(tmp_path, code):
    """Whatever the time, and whatever the file mode that new files get."""
    pinned = write_wheel(tmp_path / "wheels", "greeting", {"greeting.py": "def main(): ...\n"})
    first = package(tmp_path, code, f"greeting==1.0 {pinned}\n")
    os.utime(code / "handler.py", (1, 1))
    before = os.umask(0o077)
    try:
        assert package(tmp_path, code, f"greeting==1.0 {pinned}\n") == first
    finally:
        os.umask(before)


def test_the_wheel_is_chosen_for_the_function(tmp_path, code):
    """One that fits Lambda's runtime, though it does not fit the Python that packages."""
    tag = "cp313-cp313-manylinux_2_28_x86_64"
    pinned = write_wheel(tmp_path / "wheels", "greeting", {"greeting.py": ""}, tag=tag)
    assert "greeting.py" in names(package(tmp_path, code, f"greeting==1.0 {pinned}\n"))


@pytest.mark.parametrize("tag", ["cp313-cp313-win_amd64", "cp312-cp312-manylinux_2_28_x86_64"])
def test_a_wheel_for_another_machine_is_refused(tmp_path, code, tag):
    """With what pip said."""
    pinned = write_wheel(tmp_path / "wheels", "greeting", {"greeting.py": ""}, tag=tag)
    with pytest.raises(GcbridgeError, match="pip could not install") as caught:
        package(tmp_path, code, f"greeting==1.0 {pinned}\n")
    assert "No matching distribution found for greeting==1.0" in caught.value.detail


def test_nothing_that_would_have_to_be_built(tmp_path, code):
    """A source distribution runs code of its own, on the machine that packages."""
    source, wheels = tmp_path / "greeting-1.0", tmp_path / "wheels"
    source.mkdir()
    wheels.mkdir()
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
    (source / "setup.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n")
    with tarfile.open(wheels / "greeting-1.0.tar.gz", "w:gz") as archive:
        archive.add(source, "greeting-1.0")
    digest = hashlib.sha256((wheels / "greeting-1.0.tar.gz").read_bytes()).hexdigest()
    with pytest.raises(GcbridgeError) as caught:
        package(tmp_path, code, f"--only-binary :none:\ngreeting==1.0 --hash=sha256:{digest}\n")
    assert "No matching distribution found for greeting==1.0" in caught.value.detail
    assert not (tmp_path / "run").exists()


def test_other_bytes_than_the_hash_says_are_refused(tmp_path, code):
    """Somebody changed the wheel since the requirements were made."""
    write_wheel(tmp_path / "wheels", "greeting", {"greeting.py": ""})
    with pytest.raises(GcbridgeError) as caught:
        package(tmp_path, code, f"greeting==1.0 --hash=sha256:{'0' * 64}\n")
    assert "DO NOT MATCH THE HASHES" in caught.value.detail


def test_what_a_package_needs_must_be_there_too(tmp_path, code):
    """It would be found out by the first event otherwise."""
    wheels = tmp_path / "wheels"
    pinned = write_wheel(
        wheels, "greeting", {"greeting.py": ""}, needs=("words>=1", "old; python_version < '3'")
    )
    with pytest.raises(GcbridgeError) as caught:
        package(tmp_path, code, f"greeting==1.0 {pinned}\n")
    assert caught.value.detail == "greeting needs words>=1"
    more = write_wheel(wheels, "words", {"words.py": ""})
    both = package(tmp_path, code, f"greeting==1.0 {pinned}\nwords==1.0 {more}\n")
    assert "words.py" in names(both)


def test_a_file_that_both_have_is_refused(tmp_path, code):
    """Which of them would win is nobody's guess."""
    pinned = write_wheel(tmp_path / "wheels", "greeting", {"handler.py": ""})
    with pytest.raises(GcbridgeError, match=r"both have handler\.py"):
        package(tmp_path, code, f"greeting==1.0 {pinned}\n")


def test_requirements_that_cannot_be_read(tmp_path):
    """Named by their path."""
    with (
        pytest.raises(GcbridgeError, match="cannot be read") as caught,
        installed_dependencies(tmp_path / "missing.txt", RUNTIME, [], print),
    ):
        pass
    assert caught.value.where == str(tmp_path / "missing.txt")
