"""A requirements file says exactly what is installed, whatever machine reads it."""

import pytest

from gcbridge.errors import GcbridgeError
from gcbridge.study.pinned_requirements import (
    PythonRuntime,
    lambda_platforms,
    missing_packages,
    read_pinned,
)

RUNTIME = PythonRuntime("3.13", lambda_platforms("3.13"))
HASH = "--hash=sha256:" + "0" * 64


def read(text, runtime=RUNTIME):
    return read_pinned(text, "requirements.txt", runtime)


def test_what_a_compiler_of_requirements_writes():
    """Comments, continued lines and several hashes, as uv and pip-compile write them."""
    pinned = read(
        "# made by uv\n"
        "--index-url https://pypi.example.com/simple\n"
        f"Requests[socks]==2.32.5 \\\n    {HASH} \\\n    --hash=sha256:{'1' * 64}\n    # via -r requirements.in\n"
    )
    assert pinned.text.splitlines() == [
        "--index-url https://pypi.example.com/simple",
        f"Requests[socks]==2.32.5 {HASH} --hash=sha256:{'1' * 64}",
    ]


@pytest.mark.parametrize("option", ["--only-binary :none:", "--only-binary=:all:", "--prefer-binary"])
def test_no_file_has_a_say_in_whether_wheels_are_taken(option):
    """pip would let `:none:` undo what it was told on its command line, and run what it builds."""
    assert read(f"{option}\nrequests==2.32.5 {HASH}\n").text == f"requests==2.32.5 {HASH}\n"


def test_a_wheel_at_an_address_is_taken():
    """By its hash, as any other."""
    line = f"requests@ https://host/requests-2.32.5-py3-none-any.whl {HASH}"
    assert read(line + "\n").text.count("requests-2.32.5-py3-none-any.whl") == 1


@pytest.mark.parametrize(
    ("marker", "version", "machine", "counts"),
    [
        ('python_version < "3.11"', "3.13", "x86_64", False),
        ('python_version < "3.11"', "3.10", "x86_64", True),
        ('sys_platform == "win32"', "3.13", "x86_64", False),
        ('platform_machine == "aarch64"', "3.13", "aarch64", True),
        ('platform_machine == "aarch64"', "3.13", "x86_64", False),
    ],
)
def test_a_marker_is_about_the_function_not_about_this_machine(marker, version, machine, counts):
    """And what counts is installed without asking again."""
    runtime = PythonRuntime(version, lambda_platforms(version, machine))
    pinned = read(f"tomli==2.2.1 ; {marker} {HASH}\n", runtime)
    assert pinned.text == (f"tomli==2.2.1 {HASH}\n" if counts else "")


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (f"requests>=2 {HASH}", "line 1: requests: no version"),
        (f"requests==2.* {HASH}", "line 1: requests: no version"),
        (f"requests {HASH}", "line 1: requests: no version"),
        ("requests==2.32.5", "line 1: requests: no hash"),
        (f"requests @ file:///wheels/requests.whl {HASH}", "a place that only this machine knows"),
        (f"requests @ https://host/requests-2.32.5.tar.gz {HASH}", "line 1: requests: no wheel"),
        (f"requests @ git+https://host/requests {HASH}", "line 1: requests: no wheel"),
        ("--no-binary :all:", "line 1: --no-binary :all:: not a package"),
        ("--index-url https://host/simple --no-binary :all:", "--no-binary :all:: not a package"),
        ("-r more.txt", "line 1: -r more.txt: not a package"),
        ("-e .", "line 1: -e .: not a package"),
        ("./requests.whl", "no package by name"),
    ],
)
def test_what_leaves_something_open_is_refused(line, flaw):
    """With what to type instead."""
    with pytest.raises(GcbridgeError) as caught:
        read(line + "\n")
    assert flaw in caught.value.detail
    assert "uv pip compile --generate-hashes requirements.in -o requirements.txt" in caught.value.hint


def test_every_flaw_is_told_at_once():
    """Nobody mends a file line by line."""
    with pytest.raises(GcbridgeError) as caught:
        read(f"one\ntwo==1 {HASH}\nthree==1\n")
    assert caught.value.detail.splitlines() == [
        "line 1: one: no version",
        "line 1: one: no hash",
        "line 3: three: no hash",
    ]


def metadata(name, *needs, version="1"):
    return "\n".join(
        (f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs), "")
    )


def test_a_package_without_what_it_needs():
    """Seen on the runtime: an extra nobody asked for and another machine's packages are not missing."""
    pinned = read(f"Web[fast]==1 {HASH}\n")
    needs = ("plain>=2", "other; extra == 'slow'", "speed; extra == 'fast'", "old; python_version < '3.11'")
    assert missing_packages(pinned, [metadata("web", *needs), metadata("Plain", version="1.9")], RUNTIME) == (
        "web needs plain>=2",
        'web needs speed; extra == "fast"',
    )
    whole = [metadata("web", *needs), metadata("Plain", version="2.0"), metadata("speed")]
    assert missing_packages(pinned, whole, RUNTIME) == ()


def test_wheels_for_lambda():
    """Amazon Linux 2 has an older C library than Amazon Linux 2023."""
    assert lambda_platforms("3.13")[0] == "manylinux_2_34_x86_64"
    assert lambda_platforms("3.11", "aarch64")[0] == "manylinux_2_26_aarch64"
    assert lambda_platforms("3.11")[-2:] == ("manylinux_2_17_x86_64", "manylinux2014_x86_64")
