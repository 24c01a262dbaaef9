"""From an empty folder to a verified bridge in three commands: types them into a shell, and shows in the README what they print.

    python scripts/three_commands.py           run them and rewrite the transcript
    python scripts/three_commands.py --check   run them and exit 1 where the README shows something else

Ids, versions and times differ from run to run and are not compared. The README shows the lines that SHOWN names.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from reference_docs import replace_part

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PART = "three commands"

COMMANDS = (
    'eval "$(gcbridge sandbox up --export)"',
    "gcbridge init demo --blueprint presence-to-dynamodb --extends .gcbridge/_sandbox/environment.yaml --no-input",
    "gcbridge apply demo --plan --auto-approve --verify",
)
AFTERWARDS = ("gcbridge destroy demo --auto-approve --json", "gcbridge sandbox status --json")
SHOWN = re.compile(
    r"emulated (AWS|Genesys)|✓ environments/demo\.yaml|  \d+ tests pass|(genesys|aws) stack: "
    r"|  \+ \S+genesyscloud_integration|  \+ \S+cloudwatch_event_bus|  \+ \S+dynamodb_table|✓ demo: "
    r"|event seen on the bus|delivery from rule|verdict: "
)
LEFT_OUT = "  ..."

_MASKS = {
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "<id>",
    r"\d+(\.\d+)? s\b": "<n> s",
    r"127\.0\.0\.1:\d+": "<address>",
    # The item holds the newest event: where this machine is slow, that is the one which put the presence back.
    r"(?m)^(delivery from .*✓ passed) .*": r"\1 <how>",
}


@dataclass(frozen=True)
class Typed:
    """A command, and what came of it."""

    command: str
    exit_code: int
    stdout: str
    stderr: str


def play(
    folder: Path, environ: Mapping[str, str], commands: Sequence[str] = (*COMMANDS, *AFTERWARDS)
) -> list[Typed]:
    """Type commands into one shell, in an empty folder; the first one that fails is the last one.

    The sandbox is stopped at the end, whatever happened.

    Args:
        folder: an empty folder.
        environ: variables of the shell; PATH is put before with the folder that holds this Python and gcbridge.
        commands: what to type.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", os.defpath)])
    shell = {**environ, "PATH": path}
    with tempfile.TemporaryDirectory() as notes:
        try:
            subprocess.run(["bash", "-c", _script(commands, notes)], cwd=folder, env=shell, check=False)
        finally:
            subprocess.run(
                ["gcbridge", "sandbox", "down"], cwd=folder, env=shell, capture_output=True, check=False
            )
        return [
            typed for number, command in enumerate(commands) for typed in _read(Path(notes), number, command)
        ]


def _script(commands: Sequence[str], notes: str) -> str:
    return "\n".join(
        f'{{ {command}\n}} >"{notes}/{number}.out" 2>"{notes}/{number}.err"; code=$?; '
        f'echo $code >"{notes}/{number}.code"; [ $code = 0 ] || exit $code'
        for number, command in enumerate(commands)
    )


def _read(notes: Path, number: int, command: str) -> list[Typed]:
    code, out, err = (notes / f"{number}.{kind}" for kind in ("code", "out", "err"))
    if not code.exists():
        return []
    return [Typed(command, int(code.read_text()), out.read_text(), err.read_text())]


def transcript(typed: Sequence[Typed]) -> str:
    """The three commands with what they print, shortened, as Markdown."""
    lines = []
    for done in typed[: len(COMMANDS)]:
        # What the first one prints on standard output is for eval; what it says goes to standard error.
        printed = done.stderr if done.command.startswith("eval") else done.stdout
        lines += [f"$ {done.command}", *_shortened(printed)]
    return "\n".join(["```console", *lines, "```"])


def _shortened(printed: str) -> list[str]:
    """The lines that SHOWN names; dots where a list goes on."""
    shown: list[str] = []
    for is_shown, group in groupby(printed.splitlines(), key=lambda line: bool(SHOWN.match(line))):
        if is_shown:
            shown += [_narrowed(line) for line in group]
        elif shown and shown[-1].startswith("  "):
            shown.append(LEFT_OUT)
    return shown


def _narrowed(line: str) -> str:
    """A row of a table without the width of its widest cells."""
    return re.sub(r" {3,}(?=\S)", "  ", line.rstrip()) if "✓ passed" in line else line.rstrip()


def masked(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, mask in _MASKS.items():
        text = re.sub(pattern, mask, text)
    return text


def with_transcript(readme: str, typed: Sequence[Typed]) -> str:
    """The README with a new transcript."""
    return replace_part(readme, PART, transcript(typed), "README.md")


def main(arguments: list[str]) -> int:
    """Run the commands, then rewrite or check the README; the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        typed = play(Path(folder), os.environ)
    if typed[-1].exit_code or len(typed) < len(COMMANDS):
        sys.stderr.write(f"$ {typed[-1].command}\n{typed[-1].stdout}{typed[-1].stderr}")
        return 1
    before = README.read_text(encoding="utf-8")
    after = with_transcript(before, typed)
    if "--check" not in arguments:
        README.write_text(after, encoding="utf-8")
    elif masked(before) != masked(after):
        sys.stderr.write("README.md shows something else: python scripts/three_commands.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
