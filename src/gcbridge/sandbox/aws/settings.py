"""What ministack is told through its environment."""

from __future__ import annotations

from pathlib import Path


def emulator_settings(port: int, state_dir: Path, account_id: str) -> dict[str, str]:
    """Environment variables for an emulator that stays on this machine and in ``state_dir``.

    ``account_id`` is the account of every caller whose access key is not itself an account id.
    """
    return {
        "AUTH": "false",
        # For the functions it runs. Theirs, not those of whoever started the sandbox.
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_SESSION_TOKEN": "",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": account_id,
        "MINISTACK_REGION": "us-east-1",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_dir / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state_dir / "s3"),
        "LOG_LEVEL": "WARNING",
        "USE_SSL": "0",
        # With a docker daemon in reach, ministack removes containers of *any* ministack at start and end.
        "DOCKER_HOST": f"unix://{state_dir / 'no-docker.sock'}",
        # Both would listen on every interface.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
