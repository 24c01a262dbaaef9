"""`import gcbridge` offers exactly what it says, and costs next to nothing until it is used."""

import subprocess
import sys

import gcbridge


def test_all_is_sorted_and_every_name_resolves():
    """A name in `__all__` that cannot be had would be a broken promise."""
    assert gcbridge.__all__ == sorted(gcbridge.__all__)
    for name in gcbridge.__all__:
        assert getattr(gcbridge, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error():
    """Lazy loading must not change what Python promises."""
    assert not hasattr(gcbridge, "no_such_thing")


def test_importing_the_package_imports_no_client():
    """The stand-in provider starts four times in an apply, and the SDK alone takes two seconds to import."""
    code = (
        "import sys, gcbridge, gcbridge.cli.app;"
        "heavy = {'boto3', 'PureCloudPlatformClientV2', 'ministack', 'grpc'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
