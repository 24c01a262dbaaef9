"""Reads a requirements file that leaves nothing open: each package at one version, with the hashes of its files.

Which lines count is decided for the machine that the function runs on, never for the one that packages it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from gcbridge.errors import GcbridgeError

COMMENT = re.compile(r"(^|\s+)#.*$")
HASH = re.compile(r"\s+--hash=(\S+)")
PLACE = re.compile(r"(--index-url|-i|--extra-index-url|--trusted-host)[ =][^ ]+")
"""Options of a requirements file that say where packages are found, one a line; they are handed on."""
WHEELS = re.compile(r"(--only-binary[ =][^ ]+|--prefer-binary)")
"""Never handed on: only wheels are taken anyway, and `:none:` would allow what has to be built, by code of its own."""
AMAZON_LINUX_2 = frozenset({"3.10", "3.11"})
GLIBC_2, GLIBC_2023, GLIBC_FIRST = 26, 34, 17
"""Minor versions of glibc 2: Amazon Linux 2, Amazon Linux 2023 ("Lambda runtimes", developer guide), the manylinux2014 of PEP 599."""


@dataclass(frozen=True, slots=True)
class PythonRuntime:
    """Where a function runs.

    Args:
        version: such as 3.13.
        platforms: tags of the wheels that it takes, the best first.
    """

    version: str
    platforms: tuple[str, ...]

    @property
    def markers(self) -> dict[str, str]:
        """What `python_version < "3.11"` and the like are compared with."""
        machine = "aarch64" if self.platforms[0].endswith("aarch64") else "x86_64"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.version}.0",
            "os_name": "posix",
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{self.version}.0",
            "python_version": self.version,
            "sys_platform": "linux",
            "extra": "",
        }


def lambda_platforms(version: str, machine: str = "x86_64") -> tuple[str, ...]:
    """Tags of the wheels that Lambda's runtime for a version of Python can load, the newest first."""
    newest = GLIBC_2 if version in AMAZON_LINUX_2 else GLIBC_2023
    numbered = [f"manylinux_2_{minor}_{machine}" for minor in range(newest, GLIBC_FIRST - 1, -1)]
    return (*numbered, f"manylinux2014_{machine}")


@dataclass(frozen=True, slots=True)
class PinnedRequirements:
    """What is installed.

    Args:
        options: lines that say where packages are found, as written.
        packages: requirements without their markers.
        hashes: one tuple for each of the packages.
    """

    options: tuple[str, ...]
    packages: tuple[Requirement, ...]
    hashes: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """As pip reads it."""
        lines = [
            " ".join((str(package), *(f"--hash={each}" for each in hashes)))
            for package, hashes in zip(self.packages, self.hashes, strict=True)
        ]
        return "\n".join((*self.options, *lines, ""))


def read_pinned(text: str, where: str, runtime: PythonRuntime) -> PinnedRequirements:
    """Every requirement that counts on the runtime, pinned and hashed.

    Args:
        text: of the requirements file.
        where: its path, for people.
        runtime: where the function runs.

    Raises:
        GcbridgeError: lines that are not pinned, have no hash, or mean something else on another machine; all at once.
    """
    options, packages, hashes, wrong = [], [], [], []
    for number, line in _logical_lines(text):
        if line.startswith("-"):
            options += [line] if PLACE.fullmatch(line) else []
            wrong += [] if PLACE.fullmatch(line) or WHEELS.fullmatch(line) else [_no_package(number, line)]
            continue
        try:
            package = Requirement(HASH.sub("", line))
        except InvalidRequirement:
            wrong.append(f"line {number}: {line}: no package by name")
            continue
        found = tuple(HASH.findall(line))
        wrong += [f"line {number}: {package.name}: {flaw}" for flaw in _flaws(package, found)]
        if package.marker is None or package.marker.evaluate(runtime.markers):
            package.marker = None
            packages.append(package)
            hashes.append(found)
    if wrong:
        raise _not_pinned(where, wrong)
    return PinnedRequirements(tuple(options), tuple(packages), tuple(hashes))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that says something; a backslash at its end goes on with the next."""
    begun, parts = 0, list[str]()
    for number, physical in enumerate([*text.splitlines(), ""], 1):
        line = COMMENT.sub("", physical).rstrip()
        begun = begun if parts else number
        parts.append(line.removesuffix("\\"))
        if line.endswith("\\"):
            continue
        whole = " ".join(" ".join(parts).split())
        if whole:
            yield begun, whole
        parts.clear()


def _no_package(number: int, line: str) -> str:
    return f"line {number}: {line}: not a package"


def _flaws(package: Requirement, hashes: Sequence[str]) -> Iterator[str]:
    pins = list(package.specifier)
    pinned = len(pins) == 1 and pins[0].operator in {"==", "==="} and "*" not in pins[0].version
    if not pinned and package.url is None:
        yield "no version"
    if package.url is not None and not package.url.startswith("https://"):
        yield "a place that only this machine knows"
    # pip builds whatever a URL leads to, wheels only or not.
    if package.url is not None and not urlsplit(package.url).path.endswith(".whl"):
        yield "no wheel"
    if not hashes:
        yield "no hash"


def _not_pinned(where: str, wrong: Sequence[str]) -> GcbridgeError:
    return GcbridgeError(
        "the requirements leave open what is installed",
        where=where,
        detail="\n".join(wrong),
        hint=f"write what you need into requirements.in, and make the file from it: "
        f"uv pip compile --generate-hashes requirements.in -o {where} "
        f"(or pip-compile --generate-hashes requirements.in -o {where})",
    )


def missing_packages(
    pinned: PinnedRequirements, metadata: Sequence[str], runtime: PythonRuntime
) -> tuple[str, ...]:
    """What an installed package needs on the runtime and the requirements do not hold.

    Args:
        pinned: what was asked for.
        metadata: METADATA of each installed package.
        runtime: where the function runs.
    """
    headers = [HeaderParser().parsestr(text) for text in metadata]
    versions = {canonicalize_name(str(each["Name"])): str(each["Version"]) for each in headers}
    extras = {canonicalize_name(package.name): package.extras for package in pinned.packages}
    return tuple(
        f"{each['Name']} needs {needed}"
        for each in headers
        for needed in map(Requirement, each.get_all("Requires-Dist") or ())
        if _counts(needed, extras.get(canonicalize_name(str(each["Name"])), set()), runtime.markers)
        and not _is_met(needed, versions.get(canonicalize_name(needed.name)))
    )


def _is_met(needed: Requirement, version: str | None) -> bool:
    return version is not None and needed.specifier.contains(version, prereleases=True)


def _counts(needed: Requirement, extras: set[str], markers: Mapping[str, str]) -> bool:
    if needed.marker is None:
        return True
    return any(needed.marker.evaluate({**markers, "extra": extra}) for extra in ("", *sorted(extras)))
