"""The emulator with its layer, served from one process.

ministack reads its settings while it is imported: import this module only after the settings of
``gcbridge.sandbox.aws.settings`` are in the environment.
"""

from __future__ import annotations

import asyncio

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as emulator

from gcbridge.sandbox.aws.contents import ContentsApp
from gcbridge.sandbox.aws.faults_app import FaultsApp
from gcbridge.sandbox.aws.layer import install
from gcbridge.sandbox.aws.persistence import WatchedApp, keep_saving
from gcbridge.sandbox.aws.telemetry.alarms import keep_evaluating
from gcbridge.sandbox.aws.unhurried import UnhurriedApp

# AWS SDKs hold connections open; on a stop they get this long (seconds) to finish.
GRACE_SECONDS = 0.3


def server_config(port: int) -> Config:
    """hypercorn's settings: loopback only, quiet, and quick to stop."""
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = GRACE_SECONDS
    config.loglevel = "WARNING"
    return config


async def serve_until_stopped(port: int) -> None:
    """Serve until SIGTERM or SIGINT; the state is saved now and then, and at the end."""
    install()
    tasks = [asyncio.create_task(work) for work in (keep_saving(), keep_evaluating())]
    try:
        app = FaultsApp(ContentsApp(WatchedApp(UnhurriedApp(emulator.app))))
        await serve(app, server_config(port))
    finally:
        for task in tasks:
            task.cancel()
