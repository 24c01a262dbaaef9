"""`make demo`: the whole loop on the embedded sandbox, as a user would type it.

Every command is printed before it runs. The workspace is `.demo/`, made anew each time. Ctrl-C at any point stops
what was started.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKSPACE = ROOT / ".demo"
ENVIRONMENT_FILE = WORKSPACE / "environments" / "sandbox.yaml"
GCBRIDGE = str(Path(sys.executable).parent / "gcbridge")
PRESENCE = "v2.users.{id}.presence"

KINDS = ("integrations", "partner_sources", "event_buses", "rules", "queues", "log_groups")
RULE_CHANGE = ("action: [Create, Update, Delete]", "action: [Update, Delete]")


class DemoFailedError(Exception):
    """A command ended otherwise than it should."""


@dataclass
class Demo:
    """Commands run one after the other, and how long each took."""

    environ: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    timings: list[tuple[str, float]] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Print what happens next."""
        print(f"\n\033[1m# {text}\033[0m" if sys.stdout.isatty() else f"\n# {text}", flush=True)

    def run(self, *arguments: str, expected: int = 0) -> None:
        """Run a gcbridge command in the demo's workspace, in sight of whoever watches."""
        print(f"$ gcbridge {shlex.join(arguments)}", flush=True)
        started = time.monotonic()
        code = wait_patiently(subprocess.Popen([GCBRIDGE, *arguments], cwd=WORKSPACE, env=self.environ))
        self.timings.append((shlex.join(arguments), time.monotonic() - started))
        if code != expected:
            raise DemoFailedError(f"gcbridge {shlex.join(arguments)} ended with {code}, not {expected}")

    def read(self, *arguments: str) -> str:
        """What a gcbridge command prints."""
        done = subprocess.run(
            [GCBRIDGE, *arguments],
            cwd=WORKSPACE,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def use_sandbox_credentials(self) -> None:
        """Do what `eval "$(gcbridge sandbox env)"` does in a shell."""
        print('$ eval "$(gcbridge sandbox env)"', flush=True)
        for line in self.read("sandbox", "env").splitlines():
            name, _, value = shlex.split(line)[1].partition("=")
            self.environ[name] = value

    def change_rule(self) -> None:
        """Edit the environment file as a person would."""
        before, after = RULE_CHANGE
        print(
            f"$ sed -i 's/{before}/{after}/' environments/sandbox.yaml".replace("[", "\\[").replace(
                "]", "\\]"
            )
        )
        text = ENVIRONMENT_FILE.read_text()
        if before not in text:
            raise DemoFailedError(f"{ENVIRONMENT_FILE} does not hold {before!r}")
        ENVIRONMENT_FILE.write_text(text.replace(before, after))

    def check_changes(self, expected: list[str]) -> None:
        """The newest plan changes exactly these addresses."""
        bundle = json.loads(max((WORKSPACE / ".gcbridge/sandbox/plans").glob("*/bundle.json")).read_text())
        changes = [
            f"{change['action']} {change['address']}"
            for stack in ("genesys", "aws")
            for change in bundle[stack]["summary"]["changes"]
        ]
        if changes != expected:
            raise DemoFailedError(f"the plan should change {expected}, but changes {changes}")

    def check_nothing_left(self) -> None:
        """Neither emulator holds anything of the bridge."""
        status = json.loads(self.read("sandbox", "status", "--json"))
        print(f"left in both emulators: {self.count(status)}")
        if any(status[kind] for kind in KINDS):
            raise DemoFailedError(f"left behind: {self.count(status)}")

    def check_something_there(self) -> None:
        """The emulators hold a bridge; otherwise the last check would prove nothing."""
        status = json.loads(self.read("sandbox", "status", "--json"))
        if not all(status[kind] for kind in KINDS):
            raise DemoFailedError(f"the emulators should hold a whole bridge, but hold {self.count(status)}")

    def count(self, status: dict[str, int]) -> str:
        """What the emulators hold, over all accounts and regions."""
        return ", ".join(f"{status[kind]} {kind.replace('_', ' ')}" for kind in KINDS)


def wait_patiently(process: subprocess.Popen[bytes]) -> int:
    """The exit code; Ctrl-C reaches the command too, which stops Terraform and ends by itself."""
    interrupted = False
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            interrupted = True
        else:
            if interrupted:
                raise KeyboardInterrupt
            return code


def play(demo: Demo) -> None:
    """The loop: up, init, plan, apply, emit, verify, change, plan, apply, plan, destroy."""
    demo.say("Two clouds on this machine: emulated AWS and emulated Genesys Cloud")
    demo.run("sandbox", "up")
    demo.use_sandbox_credentials()
    demo.say("Who sends, who receives: looked up once, written into the environment file")
    demo.run("init", "sandbox")
    demo.say("What would change, in both clouds, before either is touched")
    demo.run("plan", "sandbox")
    demo.say("Exactly that plan (three SQS queues keep the AWS provider waiting for 25 s)")
    demo.run("apply", "sandbox")
    demo.say("Genesys Cloud sends three presence events")
    demo.run("sandbox", "emit", PRESENCE, "--count", "3")
    demo.say(
        "Proof: change a test user's presence twenty times, hear of it over two ways, find every event in its target"
    )
    demo.run("verify", "sandbox", "--count", "20", "--witness")
    demo.say("Change a rule: the plan shows that change and nothing else")
    demo.change_rule()
    demo.run("plan", "sandbox")
    demo.check_changes(["update module.rule_audit-trail.aws_cloudwatch_event_rule.this"])
    demo.run("apply", "sandbox")
    demo.run("plan", "sandbox")
    demo.check_changes([])
    demo.say("Remove it all")
    demo.check_something_there()
    demo.run("destroy", "sandbox", "--auto-approve")
    demo.check_nothing_left()


def main() -> int:
    """Run the demo; the verdict is the exit code."""
    stop(quiet=True)
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    ENVIRONMENT_FILE.parent.mkdir(parents=True)
    shutil.copy(ROOT / "environments" / "sandbox.yaml", ENVIRONMENT_FILE)
    demo, started = Demo(), time.monotonic()
    try:
        play(demo)
        verdict, code = "passed: events travelled from Genesys Cloud to their AWS targets", 0
    except DemoFailedError as error:
        verdict, code = f"failed: {error}", 1
    except subprocess.CalledProcessError as error:
        verdict, code = f"failed: {shlex.join(error.cmd)}\n{error.stderr.strip()}", 1
    except KeyboardInterrupt:
        verdict, code = "interrupted", 130
    finally:
        stop(quiet=False)
    print()
    for command, seconds in demo.timings:
        print(f"{seconds:6.1f} s  gcbridge {command}")
    print(f"{time.monotonic() - started:6.1f} s  in all\n\nverdict: {verdict}")
    return code


def stop(*, quiet: bool) -> None:
    """Stop the demo's sandbox, whatever state it is in; another Ctrl-C does not keep it running."""
    if not WORKSPACE.exists():
        return
    if not quiet:
        print("$ gcbridge sandbox down", flush=True)
    command = [GCBRIDGE, "sandbox", "down"]
    output = subprocess.DEVNULL if quiet else None
    down = subprocess.Popen(command, cwd=WORKSPACE, start_new_session=True, stdout=output)
    with contextlib.suppress(KeyboardInterrupt):
        wait_patiently(down)


if __name__ == "__main__":
    sys.exit(main())
