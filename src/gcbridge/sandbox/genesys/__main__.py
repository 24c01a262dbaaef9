"""``python -m gcbridge.sandbox.genesys``: serves one emulated organization until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from gcbridge.sandbox.genesys.cloud import Cloud
from gcbridge.sandbox.genesys.partner import BotoPartner
from gcbridge.sandbox.genesys.server import serve_organization
from gcbridge.sandbox.genesys.settings import Settings

CLIENT_ID_VARIABLE = "GENESYS_EMULATOR_CLIENT_ID"
CLIENT_SECRET_VARIABLE = "GENESYS_EMULATOR_CLIENT_SECRET"  # noqa: S105 - its name


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line; credentials are not part of it."""
    parser = argparse.ArgumentParser(prog="python -m gcbridge.sandbox.genesys")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--aws-endpoint-url", required=True)
    parser.add_argument("--source-delay", type=float, default=2.0, help="seconds until the source exists")
    parser.add_argument("--activation-delay", type=float, default=1.0, help="seconds until ACTIVE")
    parser.add_argument("--heartbeat", type=float, default=30.0, help="seconds between two heartbeats")
    parser.add_argument("--channel-life", type=float, default=86_400.0, help="seconds that a channel lives")
    parser.add_argument(
        "--closing-notice", type=float, default=60.0, help="seconds from socket_closing to the close"
    )
    parser.add_argument("--token-life", type=int, default=86_400, help="seconds that a token lasts")
    parser.add_argument("--audit-query", type=float, default=0.2, help="seconds that an audit query takes")
    parser.add_argument("--flow-job", type=float, default=0.2, help="seconds that deploying a flow takes")
    parser.add_argument(
        "--trigger-delay-factor", type=float, default=1.0, help="what triggers' delays are multiplied with"
    )
    parser.add_argument("--partner-account-id", default="999988887777")
    return parser.parse_args(arguments)


def read_settings(options: argparse.Namespace) -> Settings:
    """Joins the command line with the client credentials of the environment."""
    missing = [name for name in (CLIENT_ID_VARIABLE, CLIENT_SECRET_VARIABLE) if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"set {' and '.join(missing)}: the OAuth client this organization accepts")
    return Settings(
        state_folder=options.state_dir,
        client_id=os.environ[CLIENT_ID_VARIABLE],
        client_secret=os.environ[CLIENT_SECRET_VARIABLE],
        source_delay_seconds=options.source_delay,
        activation_delay_seconds=options.activation_delay,
        token_life_seconds=options.token_life,
        heartbeat_seconds=options.heartbeat,
        channel_life_seconds=options.channel_life,
        closing_notice_seconds=options.closing_notice,
        audit_query_seconds=options.audit_query,
        flow_job_seconds=options.flow_job,
        trigger_delay_factor=options.trigger_delay_factor,
    )


async def serve_until_signal(settings: Settings, options: argparse.Namespace) -> None:
    """Serves until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # A shell starts background jobs with SIGINT ignored: a handler of our own undoes that.
        loop.add_signal_handler(number, stop.set)
    cloud = Cloud(settings, BotoPartner(options.aws_endpoint_url, options.partner_account_id))
    await serve_organization(cloud, options.port, stop.wait)


def main() -> None:
    """Runs the server."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = parse_arguments()
    try:
        asyncio.run(serve_until_signal(read_settings(options), options))
    except OSError as error:
        sys.exit(f"emulated Genesys Cloud: can't listen on 127.0.0.1:{options.port}: {error}")


if __name__ == "__main__":
    main()
