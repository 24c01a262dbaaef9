"""`python -m gcbridge` is the command `gcbridge`."""

import signal
import sys


def main() -> None:
    """Start the command line; Ctrl-C ends it quietly, while it is still being loaded and while it ends too."""
    try:
        from gcbridge.cli.app import app  # noqa: PLC0415

        app(prog_name="gcbridge")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
