"""The filesystem mirror: a constant plugin, a replaceable interpreter, nothing rewritten in vain."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gcbridge.sandbox.provider.install import ADDRESSES, install_stand_in, terraform_platform

from .small_genesys import SmallGenesys
from .workspace import Workspace


def files(folder: Path) -> dict[Path, int]:
    """Every file below a folder with its inode."""
    return {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_plugin_stands_where_terraform_looks(tmp_path: Path) -> None:
    """And where OpenTofu does: the unpacked layout holds one executable and nothing else."""
    plugin = install_stand_in(tmp_path, sys.executable, "1.2.3")
    folders = [tmp_path / address / "1.2.3" / terraform_platform() for address in ADDRESSES]
    assert plugin == folders[0] / "terraform-provider-genesyscloud_v1.2.3"
    for folder in folders:
        assert [path.name for path in folder.iterdir()] == [plugin.name]
        assert os.access(folder / plugin.name, os.X_OK)


def test_installing_twice_rewrites_nothing(tmp_path: Path) -> None:
    """Equal files keep their inode, so a running Terraform never sees a change."""
    install_stand_in(tmp_path, sys.executable)
    before = files(tmp_path)
    install_stand_in(tmp_path, sys.executable)
    assert files(tmp_path) == before


def test_another_interpreter_changes_only_its_own_file(tmp_path: Path) -> None:
    """The plugin's text is the same for every interpreter, and so is the hash in the lock."""
    plugin = install_stand_in(tmp_path, sys.executable)
    text, inode = plugin.read_text(), plugin.stat().st_ino
    install_stand_in(tmp_path, "/somewhere else/it's/python")
    assert (plugin.read_text(), plugin.stat().st_ino) == (text, inode)
    assert "'/somewhere else/it'\"'\"'s/python'" in (tmp_path / "python").read_text()


def test_plugin_finds_its_interpreter_through_a_symbolic_link(tmp_path: Path) -> None:
    """Terraform links the folder below .terraform/providers; odd characters in paths do not matter."""
    mirror = tmp_path / "it's a mirror"
    plugin = install_stand_in(mirror, sys.executable)
    link = tmp_path / "linked"
    link.symlink_to(plugin.parent, target_is_directory=True)
    result = subprocess.run(
        [link / plugin.name], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert "Terraform starts it" in result.stderr


def test_missing_interpreter_is_named(tmp_path: Path) -> None:
    """Without the interpreter's file the plugin says which one it misses."""
    plugin = install_stand_in(tmp_path, sys.executable)
    (tmp_path / "python").unlink()
    result = subprocess.run(
        [plugin], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert f"{tmp_path.resolve()}/python is missing" in result.stderr


@pytest.mark.sandbox
def test_lock_file_survives_another_interpreter(
    workspace: Workspace, genesys: SmallGenesys, mirror: Path
) -> None:
    """A lock made before the interpreter changed is still accepted."""
    python = mirror / "python"
    before = python.read_text()
    try:
        python.write_text(before + "# another interpreter\n")
        workspace.write("")
        workspace.run("plan", "-input=false")
    finally:
        python.write_text(before)


@pytest.mark.sandbox
def test_module_named_like_a_library_is_not_imported(workspace: Workspace, genesys: SmallGenesys) -> None:
    """A grpc.py in the Terraform folder does not shadow the real one."""
    shadow = workspace.folder / "grpc.py"
    shadow.write_text("raise SystemExit('shadowed')")
    try:
        workspace.write("")
        workspace.run("validate")
    finally:
        shadow.unlink()
