"""The plugin process: started by Terraform through the shim in the filesystem mirror."""

import os
import signal

# Ctrl-C reaches the whole process group; Terraform then finishes what is under way and stops its plugins.
# Ignored before the imports below, which take longer than a person's second keystroke.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from gcbridge.sandbox.provider.genesyscloud import GenesysCloudProvider  # noqa: E402
from gcbridge.sandbox.provider.server import serve  # noqa: E402

if __name__ == "__main__":
    serve(GenesysCloudProvider(os.environ), os.environ)
