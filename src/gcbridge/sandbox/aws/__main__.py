"""``python -m gcbridge.sandbox.aws --port PORT --state-dir DIR --account-id ACCOUNT``."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from pathlib import Path

from gcbridge.sandbox.aws.settings import emulator_settings


def account_id(text: str) -> str:
    """An AWS account id: twelve digits."""
    if not re.fullmatch(r"\d{12}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an account id of twelve digits")
    return text


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m gcbridge.sandbox.aws", description="Serve an emulated AWS on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True, help="what survives a restart")
    parser.add_argument("--account-id", type=account_id, default="123456789012")
    return parser.parse_args()


def forget_foreign_settings() -> None:
    """Drop what the environment says about AWS: the functions that run here inherit it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    arguments = parse_arguments()
    state_dir = arguments.state_dir.resolve()
    state_dir.mkdir(parents=True, exist_ok=True)
    forget_foreign_settings()
    os.environ.update(emulator_settings(arguments.port, state_dir, arguments.account_id))

    # Not before: ministack reads its settings while it is imported.
    from gcbridge.sandbox.aws.server import serve_until_stopped  # noqa: PLC0415

    try:
        asyncio.run(serve_until_stopped(arguments.port))
    except OSError as error:
        sys.exit(f"emulated AWS: can't listen on 127.0.0.1:{arguments.port}: {error}; choose another --port")


if __name__ == "__main__":
    main()
