"""`python -m gcbridge` is the command `gcbridge`."""

import sys


def main() -> None:
    """Start the command line; Ctrl-C ends it quietly even while it is still being loaded."""
    try:
        from gcbridge.cli.app import app  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(130)
    app(prog_name="gcbridge")


if __name__ == "__main__":
    main()
