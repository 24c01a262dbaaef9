"""A command that somebody typed: while it runs, and what came of it."""

import json
import subprocess
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def said(self):
        """Everything a person saw, with line breaks of the terminal taken out."""
        return " ".join(f"{self.stdout}\n{self.stderr}".split())

    @property
    def data(self):
        """What `--json` printed."""
        return json.loads(self.stdout)

    def failed(self, exit_code, *fragments):
        """It ended with one clear error that says all this, and without a traceback."""
        assert self.exit_code == exit_code, f"exit {self.exit_code}\n{self.stdout}\n{self.stderr}"
        assert self.stderr.count("error:") >= 1, self.stderr
        assert "Traceback" not in self.stderr, self.stderr
        assert "error: unexpected" not in self.stderr, self.stderr
        for fragment in fragments:
            assert fragment in self.said, f"{fragment!r} is not in:\n{self.stderr}"
        return self

    def broke_at(self, link):
        """A verification that failed at this link."""
        assert self.exit_code == 3, self.stderr
        assert f"verdict: failed at {link}" in self.said


@dataclass
class Running:
    """A command that runs in a process group of its own, as under a terminal."""

    process: subprocess.Popen
    lines: list = field(default_factory=list)
    said: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self):
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.said:
                self.lines.append(line)
                self.said.notify_all()

    def wait_for(self, fragment, seconds=60):
        """Until stderr says this."""
        with self.said:
            heard = self.said.wait_for(lambda: any(fragment in line for line in self.lines), seconds)
        assert heard, f"{fragment!r} never came:\n{''.join(self.lines)}"

    def end(self, seconds=60):
        """Wait for its end."""
        stdout = self.process.stdout.read()
        code = self.process.wait(seconds)
        self.reader.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return Done(code, stdout, "".join(self.lines))
