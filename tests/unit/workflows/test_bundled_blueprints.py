"""Every blueprint that gcbridge brings works as it is, with the answers that it gives as examples."""

import re
from pathlib import Path
from typing import get_args

import pytest
from init_workspace import rooms_in

from gcbridge.model.initialization import InitChoices
from gcbridge.model.naming import LambdaRuntime
from gcbridge.model.stack import StackName
from gcbridge.model.target import LambdaTarget
from gcbridge.study.key_paths import parse_path
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.expectations import run_tests
from gcbridge.workflows.init_answers import with_answers
from gcbridge.workflows.init_draft import ACCOUNT_ID, ORG_ID, new_draft
from gcbridge.workflows.lint import lint_report
from gcbridge.workspace.assets import find_bundled
from gcbridge.workspace.blueprints import BLUEPRINTS, copy_files, read_blueprint

FOLDER = find_bundled() / BLUEPRINTS
NAMES = sorted(path.name for path in FOLDER.iterdir() if (path / "blueprint.yaml").is_file())
REGIONS = {("genesys", "region"): "eu-central-1", ("aws", "region"): "eu-central-1"}
ORG, ACCOUNT = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11", "123456789012"
CONFTEST = '''\
"""The folder of every function is a package for its tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
'''

pytestmark = pytest.mark.parametrize("name", NAMES)


def made(tmp_path, name):
    """Doors of a workspace with an environment made from a blueprint, as init would make it."""
    rooms = rooms_in(tmp_path)
    blueprint = read_blueprint(rooms.workspace, name)
    examples = {parse_path(ask.path): ask.example for ask in blueprint.about.asks if ask.default is None}
    draft = new_draft(
        rooms.workspace, "made", InitChoices(blueprint=name, values={**REGIONS, **examples}), blueprint
    )
    draft = with_answers(draft.put(ORG_ID, ORG).put(ACCOUNT_ID, ACCOUNT), blueprint.about, None)
    copy_files(rooms.workspace, blueprint)
    rooms.workspace.environments.mkdir(exist_ok=True)
    draft.file.write_text(draft.explained())
    return rooms


def test_it_is_an_environment_without_a_warning(tmp_path, name):
    """What `validate --strict` says of it."""
    rooms = made(tmp_path, name)

    assert [
        str(lint) for lint in lint_report(rooms.workspace, load_environment(rooms.workspace, "made")).lints
    ] == []


def test_its_tests_pass(tmp_path, name):
    """Some event is taken, and some rule takes one event and leaves another."""
    rooms = made(tmp_path, name)
    report = run_tests(rooms.workspace, load_environment(rooms.workspace, "made"))

    assert [result.name for result in report.failures] == []
    assert any(result.rules for result in report.results)
    assert len({result.rules for result in report.results}) > 1


def test_it_renders_and_its_functions_are_packaged(tmp_path, name):
    """Both stacks, offline; each function in a runtime that AWS supports, with its handler in it."""
    rooms = made(tmp_path, name)
    bridge = load_environment(rooms.workspace, "made").resolve()
    rendered = rooms.render(bridge)
    functions = [target.spec for target in bridge.targets if isinstance(target, LambdaTarget)]

    assert all(rendered.of(stack).files for stack in StackName)
    for function in functions:
        assert function.runtime in get_args(LambdaRuntime)
        module = function.handler.partition(".")[0]
        assert (rooms.workspace.root / function.source / f"{module}.py").is_file()
    folders = {path.name for path in (tmp_path / "functions").glob("*") if path.name != "tests"}
    assert {Path(function.source).name for function in functions} == folders


def test_it_shows_itself_and_its_functions_have_tests(name):
    """A page, a picture on it, and a test file for each function."""
    folder = FOLDER / name
    code = folder / "functions"

    assert "](picture.svg)" in (folder / "README.md").read_text()
    assert "<title" in (folder / "picture.svg").read_text()
    assert {f"test_{path.parent.name}.py" for path in code.glob("*/handler.py")} == {
        path.name for path in code.glob("tests/test_*.py")
    }
    if code.is_dir():
        assert (code / "tests" / "conftest.py").read_text() == CONFTEST


def test_it_holds_nothing_of_anybody(name):
    """No id, account, region or address of a secret stands in the fragment; a topic's {id} does."""
    fragment = (FOLDER / name / "environment.yaml").read_text()
    data = re.sub(r"(?ms)^tests:.*?(?=^\w|\Z)", "", fragment)

    assert (
        re.findall(
            r"\b\d{12}\b|[0-9a-f]{8}-[0-9a-f]{4}-|\barn:aws[a-z-]*:\w+:\w*:\d|\b(?:eu|us|ap)-\w+-\d\b", data
        )
        == []
    )
    assert not re.search(r"^\s*(org_id|account_id|event_source_suffix):", data, re.MULTILINE)


def test_every_answer_that_only_a_person_knows_has_an_example(name, tmp_path):
    """The question shows it, and the list of what is missing does."""
    about = read_blueprint(rooms_in(tmp_path).workspace, name).about

    assert [ask.path for ask in about.asks if ask.example is None] == []
