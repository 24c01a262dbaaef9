"""Each folder here is an environment and the Terraform that it renders to, byte for byte.

After a wanted change: GCBRIDGE_UPDATE_GOLDEN=1 pytest tests/golden, then read the diff.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.stack import FunctionPackage
from gcbridge.study.render import render
from gcbridge.study.resolve import resolve
from gcbridge.study.validate import validate_environment
from gcbridge.workspace.assets import read_render_sources

FOLDER = Path(__file__).parent
CASES = sorted(path.parent.name for path in FOLDER.glob("*/environment.yaml"))
STACKS = ("genesys", "aws")


def read_case(case):
    """A case's environment as it is written."""
    return YAML(typ="safe").load((FOLDER / case / "environment.yaml").read_text(encoding="utf-8"))


def render_case(case):
    """A case's environment, rendered: path below the case's folder -> text; modules are left out."""
    bridge = resolve(case, EnvironmentSpec.model_validate(read_case(case)))
    packages = {target.name: FunctionPackage(b"code") for target in bridge.targets}
    flows = {flow.name: "workflow:\n  name: Golden\n" for flow in bridge.flows}
    stacks = render(bridge, replace(read_render_sources(), packages=packages, flows=flows))
    return {
        f"{name}/{path}": text
        for name in STACKS
        for path, text in getattr(stacks, name).files.items()
        if path.parts[0] != "modules"
    }


def read_expected(case):
    """What stands in the case's folder."""
    folder = FOLDER / case
    paths = (path for name in STACKS for path in (folder / name).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in paths}


def write_expected(case, files):
    """Replace what stands in the case's folder."""
    for name in STACKS:
        shutil.rmtree(FOLDER / case / name, ignore_errors=True)
    for name, text in files.items():
        path = FOLDER / case / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


@pytest.mark.parametrize("case", sorted({*CASES} - {"hostile"}))
def test_environment_is_valid(case):
    """A person could have written it."""
    assert validate_environment(case, read_case(case), {}).targets


@pytest.mark.parametrize("case", CASES)
def test_environment_renders_to_the_expected_bytes(case):
    """What is rendered equals the files of the case, none missing and none left over."""
    rendered = render_case(case)
    if os.environ.get("GCBRIDGE_UPDATE_GOLDEN"):
        write_expected(case, rendered)
    assert rendered == read_expected(case)
