"""Runs the terraform binary with a deliberate environment."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
MODULES = REPOSITORY / "modules"
MIRROR_PLACES = ("/opt", "/usr/local/share", "/usr/share")


@dataclass(frozen=True)
class Terraform:
    """Nothing of the caller's environment reaches terraform but PATH.

    Args:
        home: folder with `terraform.rc`; also the child's home.
    """

    home: Path

    def run(self, folder, *arguments, data=None):
        """Run a command that must succeed, and return what it wrote to standard output.

        Args:
            folder: where to run.
            arguments: command and options.
            data: TF_DATA_DIR; default: `.terraform` in the folder.
        """
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "TF_CLI_CONFIG_FILE": str(self.home / "terraform.rc"),
                "TF_CLI_ARGS": "-no-color" if arguments[0] != "fmt" else "",
                "TF_DATA_DIR": str(data or ".terraform"),
                "TF_IN_AUTOMATION": "1",
                "CHECKPOINT_DISABLE": "1",
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def find_mirror():
    """The unpacked mirror that holds the AWS provider, or None: then the registry has to deliver it."""
    named = os.environ.get("GCBRIDGE_PROVIDER_MIRROR")
    places = (
        [Path(named)] if named else [path for top in MIRROR_PLACES for path in sorted(Path(top).glob("*"))]
    )
    found = (place for place in places if (place / "registry.terraform.io/hashicorp/aws").is_dir())
    return next(found, None)


def write_cli_configuration(path, mirrors):
    """Providers come from the mirrors that hold them, and from the registry otherwise."""
    blocks = [
        f'  filesystem_mirror {{\n    path    = "{mirror}"\n    include = ["{provider}"]\n  }}\n'
        for provider, mirror in mirrors.items()
    ]
    excluded = ", ".join(f'"{provider}"' for provider in mirrors)
    direct = f"  direct {{\n    exclude = [{excluded}]\n  }}\n"
    path.write_text(f"provider_installation {{\n{''.join(blocks)}{direct}}}\n")
