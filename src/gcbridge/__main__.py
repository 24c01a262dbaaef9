"""`python -m gcbridge` is the command `gcbridge`."""

from gcbridge.cli.app import app

app(prog_name="gcbridge")
