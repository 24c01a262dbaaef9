"""Where providers come from: filesystem mirrors for what they hold, the registry for the rest."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gcbridge.terraform.binary import Product
from gcbridge.terraform.constraints import satisfies

TERRAFORM_REGISTRY = "registry.terraform.io"
OPENTOFU_REGISTRY = "registry.opentofu.org"
_REGISTRIES = (TERRAFORM_REGISTRY, OPENTOFU_REGISTRY)
SHARED_FOLDERS = (Path("/opt"), Path("/usr/local/share"), Path("/usr/share"))
"""Images put unpacked mirrors one level below these."""


@dataclass(frozen=True, slots=True)
class ProviderRequirement:
    """A provider that the stacks need.

    Args:
        address: with its host, such as `registry.terraform.io/hashicorp/aws`.
        constraint: Terraform version constraint; empty means any.
    """

    address: str
    constraint: str = ""

    @property
    def host(self) -> str:
        """The registry that it comes from."""
        return self.address.split("/", 1)[0]

    @property
    def name(self) -> str:
        """Namespace and type, such as `hashicorp/aws`."""
        return self.address.split("/", 1)[1]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A filesystem mirror, and what Terraform is to take from it.

    Args:
        path: absolute folder that holds `<host>/<namespace>/<type>`.
        addresses: providers to take from it.
    """

    path: Path
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProviderSearch:
    """What was needed, where it was looked for, and which mirror has what.

    Args:
        requirements: all providers asked for.
        mirrors: those that hold one, each provider in one mirror only.
        looked_in: every folder looked at, in order, existing or not.
        platform: such as `linux_amd64`.
    """

    requirements: tuple[ProviderRequirement, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    looked_in: tuple[Path, ...] = ()
    platform: str = ""

    @property
    def mirrored(self) -> tuple[str, ...]:
        """Addresses that come from a mirror."""
        return tuple(address for mirror in self.mirrors for address in mirror.addresses)


def find_mirrors(
    requirements: Sequence[ProviderRequirement],
    *,
    configured: str | None,
    environ: Mapping[str, str],
    platform: str,
    product: Product = "terraform",
    system: str = sys.platform,
    shared_folders: Sequence[Path] = SHARED_FOLDERS,
) -> ProviderSearch:
    """For each provider the first mirror wins that holds it for this platform in a version that fits.

    Order: `configured`, `GCBRIDGE_PROVIDER_MIRROR`, Terraform's own implied folders, then each folder one level
    below `shared_folders` that contains `registry.terraform.io`. OpenTofu looks for `hashicorp/aws` at
    registry.opentofu.org, so for it both addresses are looked for.

    Args:
        requirements: providers and version constraints.
        configured: `terraform.provider_mirror` of the environment; relative to the current folder.
        environ: the caller's environment.
        platform: such as `linux_amd64`.
        product: which of the two will run.
        system: `sys.platform`.
        shared_folders: parents of unpacked mirrors.
    """
    folders = tuple(dict.fromkeys(_candidates(configured, environ, system, shared_folders)))
    chosen: dict[Path, list[str]] = {}
    wanted = with_registries(requirements, product)
    for requirement in wanted:
        for folder in folders:
            if any(
                satisfies(v, requirement.constraint) for v in mirrored_versions(folder, requirement, platform)
            ):
                chosen.setdefault(folder, []).append(requirement.address)
                break
    mirrors = tuple(Mirror(folder, tuple(chosen[folder])) for folder in folders if folder in chosen)
    return ProviderSearch(wanted, mirrors, folders, platform)


def with_registries(
    requirements: Sequence[ProviderRequirement], product: Product
) -> tuple[ProviderRequirement, ...]:
    """OpenTofu reads an address without host as one of its own registry; a mirror may hold either."""
    if product == "terraform":
        return tuple(requirements)
    return tuple(
        replace(requirement, address=f"{host}/{requirement.name}")
        for requirement in requirements
        for host in (_REGISTRIES[::-1] if requirement.host == TERRAFORM_REGISTRY else (requirement.host,))
    )


def mirrored_versions(folder: Path, requirement: ProviderRequirement, platform: str) -> tuple[str, ...]:
    """Versions of a provider that a mirror holds for a platform, unpacked or as zip archives.

    Layouts: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror

    Args:
        folder: the mirror.
        requirement: the provider; its constraint is not looked at.
        platform: such as `linux_amd64`.
    """
    home = folder / requirement.address
    kind = re.escape(requirement.name.rsplit("/", 1)[-1])
    packed = re.compile(rf"terraform-provider-{kind}_(.+)_{re.escape(platform)}\.zip")
    versions = [match.group(1) for entry in _entries(home) if (match := packed.fullmatch(entry.name))]
    versions += [entry.name for entry in _entries(home) if _is_folder(entry / platform)]
    return tuple(versions)


def implied_folders(environ: Mapping[str, str], system: str) -> tuple[Path, ...]:
    """Folders that Terraform itself takes as mirrors when no configuration says otherwise.

    Source: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories

    Args:
        environ: HOME, XDG_DATA_HOME and XDG_DATA_DIRS are read.
        system: `sys.platform`.
    """
    home = Path(environ.get("HOME") or Path.home())
    if system == "darwin":
        below = "Library/Application Support/io.terraform/plugins"
        return (home / ".terraform.d/plugins", home / below, Path("/") / below)
    data = [environ.get("XDG_DATA_HOME") or str(home / ".local/share")]
    data += (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return (home / ".terraform.d/plugins", *(Path(folder) / "terraform/plugins" for folder in data if folder))


def _candidates(
    configured: str | None, environ: Mapping[str, str], system: str, shared_folders: Sequence[Path]
) -> Iterator[Path]:
    for named in (configured, environ.get("GCBRIDGE_PROVIDER_MIRROR")):
        if named:
            yield Path(named).expanduser().absolute()
    yield from implied_folders(environ, system)
    for parent in shared_folders:
        for folder in _entries(parent):
            if any(_is_folder(folder / registry) for registry in _REGISTRIES):
                yield folder


def _entries(folder: Path) -> list[Path]:
    """Sorted, so that two machines with equal folders choose alike; an unreadable folder is empty."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
