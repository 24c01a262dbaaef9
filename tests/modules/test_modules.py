"""Every module under modules/ is well formed, described, and behaves as its own tests say."""

import re
import runpy

import pytest

from .terraform import MODULES, REPOSITORY

NAMES = sorted(path.name for path in MODULES.iterdir() if path.is_dir())
STANDARD_FILES = ("main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md")


@pytest.mark.parametrize("name", NAMES)
def test_module_has_the_standard_structure(name):
    """Somebody who knows one module finds everything in the next."""
    folder = MODULES / name
    assert [file for file in STANDARD_FILES if not (folder / file).is_file()] == []
    assert list((folder / "tests").glob("*.tftest.hcl"))


@pytest.mark.parametrize("name", NAMES)
def test_every_input_is_typed_described_and_validated(name):
    """A wrong value is refused by the module, with a sentence, before a provider sees it."""
    blocks = re.findall(
        r'^variable "(\w+)" \{\n(.*?)^\}',
        (MODULES / name / "variables.tf").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    assert blocks
    for variable, body in blocks:
        missing = [
            word
            for word in ("description", "type", "validation")
            if not re.search(rf"^  {word}\b", body, re.MULTILINE)
        ]
        assert missing == [], variable


@pytest.mark.parametrize("name", NAMES)
def test_every_output_is_described(name):
    """An output that nobody can explain should not be one."""
    text = (MODULES / name / "outputs.tf").read_text()
    assert text.count('output "') == len(re.findall(r'^  description += ".+"$', text, re.MULTILINE))


def test_tables_in_the_readmes_are_current():
    """After a change, run python scripts/module_readmes.py."""
    script = runpy.run_path(str(REPOSITORY / "scripts" / "module_readmes.py"))
    outdated = [
        name
        for name in NAMES
        if script["render_readme"](MODULES / name)
        != (MODULES / name / "README.md").read_text(encoding="utf-8")
    ]
    assert outdated == []


@pytest.mark.sandbox
@pytest.mark.parametrize("folder", ["modules", "tests/golden"])
def test_text_is_formatted_as_terraform_formats(folder, terraform):
    """`terraform fmt` would change nothing, in the modules and in every golden file."""
    assert terraform.run(REPOSITORY / folder, "fmt", "-check", "-recursive", "-diff") == ""


@pytest.mark.sandbox
@pytest.mark.parametrize("name", NAMES)
def test_module_passes_its_own_tests(name, terraform, module_copies):
    """`terraform test` validates the module and holds its policies, defaults and refusals."""
    terraform.run(module_copies / name, "get", data=terraform.home / "data")
    said = terraform.run(module_copies / name, "test", data=terraform.home / "data")
    assert re.search(r"Success! [1-9]\d* passed, 0 failed", said), said
