"""The documentation says what the program does: commands, keys, links and examples are checked against it."""

import importlib.util
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from gcbridge.cli.app import app
from gcbridge.study.validate import validate_environment
from gcbridge.workspace.environment_file import read_environment
from gcbridge.workspace.layout import Workspace

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "blueprints").rglob("*.md"))]


def load_cli_reference():
    spec = importlib.util.spec_from_file_location("cli_reference", ROOT / "scripts/cli_reference.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


REFERENCE = load_cli_reference()
PROGRAM = REFERENCE.program_command()
COMMANDS = {command.path: command for command in REFERENCE.list_commands()}


def pages():
    folders = ("blueprints", "docs", "modules", "src", "environments", "templates")
    return [*ROOT.glob("*.md"), *(page for folder in folders for page in (ROOT / folder).rglob("*.md"))]


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def tokens(page):
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def blocks(page, *languages):
    return [token.content for token in tokens(page) if token.type == "fence" and token.info in languages]


# Commands


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_documented(path):
    """A section of its own, and help that says something."""
    text = (DOCS / "cli.md").read_text()

    assert f"\n## {path}\n" in text
    assert COMMANDS[path].help in text
    assert len(COMMANDS[path].help) > 20
    assert all(item.help for item in (*COMMANDS[path].arguments, *COMMANDS[path].options))


@pytest.mark.parametrize("path", COMMANDS)
def test_documented_options_are_those_of_the_help(path):
    """What the reference reads from the declarations is what a person sees."""
    shown = CliRunner().invoke(app, [*path.split(), "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})

    documented = {name for option in COMMANDS[path].options for name in option.names if name[:2] == "--"}
    table = shown.output.partition("Options")[2]
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", table)) >= {*documented, "--help"}
    assert set(re.findall(r"^\W*(--[a-z][a-z-]*)", table.partition("\n")[2], re.MULTILINE)) == {
        *documented,
        "--help",
    }


def test_generated_parts_are_current():
    """Command reference, table of keys and JSON Schema follow from the program."""
    check = [sys.executable, "scripts/reference_docs.py", "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


# Command lines in examples


def command_lines(page):
    """The words behind every `gcbridge` that an example types."""
    for block in blocks(page, "console"):
        typed = [line[2:] for line in block.replace("\\\n", " ").splitlines() if line.startswith("$ ")]
        yield from find_commands("\n".join(typed))
    for block in blocks(page, "sh"):
        yield from find_commands(block.replace("\\\n", " "))


def find_commands(text):
    word = r"""(?:'[^']*'|"[^"]*"|[^\s|&;()<>"'#])+"""
    for match in re.finditer(rf"(?<![\w./\[-])gcbridge((?:[ \t]+{word})+)", text):
        yield shlex.split(match.group(1))


def takes_value(command, name):
    """Whether a value follows the option; None where the command has no such option."""
    for option in command.options:
        if name in option.names:
            return bool(option.value)
    return False if name == "--help" else None


def fault_of(words):
    """What is wrong with a command line, or None."""
    command, path, arguments = PROGRAM, "", []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("-"):
            name, assigned, _ = word.partition("=")
            value = takes_value(command, name)
            if value is None:
                return f"{path or 'gcbridge'} has no option {name}"
            if value and not assigned and rest:
                rest.pop(0)
        elif command is PROGRAM:
            path = f"{path} {word}".strip()
            command = COMMANDS.get(path, PROGRAM)
        else:
            arguments.append(word)
    least = sum(argument.required for argument in command.arguments)
    if command is PROGRAM and path:
        return f"no command {path}"
    return None if least <= len(arguments) <= len(command.arguments) else f"{path}: {arguments}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_in_examples_exist(page):
    """Every command line of an example could be typed: the command, its options, the number of arguments."""
    faults = [fault for words in command_lines(page) if (fault := fault_of(words))]

    assert faults == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("gcbridge plan dev", None),
        ('eval "$(gcbridge sandbox env)"', None),
        ("gcbridge --debug plan dev", None),
        ("gcbridge -C elsewhere env show dev --provenance | less", None),
        ("gcbridge sandbox emit 'v2.users.{id}.presence' --set eventBody.message='a b' --count=3", None),
        ("pip install 'gcbridge[sandbox]'", None),
        ("gcbridge plam dev", "no command plam dev"),
        ("gcbridge plan dev --now", "plan has no option --now"),
        ("gcbridge apply", "apply: []"),
        ("gcbridge apply dev prod", "apply: ['dev', 'prod']"),
    ],
)
def test_wrong_command_lines_would_be_found(text, fault):
    """The check itself, on examples of both kinds."""
    assert next(filter(None, map(fault_of, find_commands(text))), None) == fault


# Environment files in examples


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_environments_in_examples_are_valid(page, tmp_path):
    """A block that begins with `# environments/<name>.yaml` is read and checked as the program does it."""
    folder = tmp_path / "environments"
    folder.mkdir()
    for block in blocks(page, "yaml"):
        named = re.match(r"# environments/([a-z0-9_-]+)\.yaml\n", block)
        if named:
            (folder / f"{named[1]}.yaml").write_text(block)
    workspace = Workspace(tmp_path)

    for name in workspace.environment_names():
        document = read_environment(workspace, name)
        spec = validate_environment(name, document.values, document.origins)
        assert (spec.genesys.org_id, spec.aws.account_id) != (None, None)


def test_the_environment_page_has_examples():
    """Otherwise the test above would prove nothing."""
    named = [b for b in blocks(DOCS / "environments.md", "yaml") if b.startswith("# environments/")]

    assert len(named) >= 3


# Links


def link_targets(page):
    for token in tokens(page):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target and not re.match(r"[a-z]+:", str(target)):
                yield str(target)


def anchors(page):
    found = tokens(page)
    titles = [found[i + 1].content for i, token in enumerate(found) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", sorted(pages()), ids=name_of)
def test_links_lead_somewhere(page):
    """Every relative link names a file that exists, and a heading in it."""
    broken = []
    for target in link_targets(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)

    assert broken == []
