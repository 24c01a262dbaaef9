"""`python -m gcbridge` is the command `gcbridge`."""

import io
import signal
import sys


def main() -> None:
    """Start the command line; Ctrl-C ends it quietly, while it is still being loaded and while it ends too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without a check mark shows a question mark; that is no reason to fail.
            stream.reconfigure(errors="replace")
    try:
        from gcbridge.cli.app import app  # noqa: PLC0415

        app(prog_name="gcbridge")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
