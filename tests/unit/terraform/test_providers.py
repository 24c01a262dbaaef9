"""Provider mirrors are found where images and people put them."""

import pytest

from gcbridge.terraform import ProviderRequirement, find_mirrors
from gcbridge.terraform.providers import implied_folders

AWS = ProviderRequirement("registry.terraform.io/hashicorp/aws", ">= 5.80.0, < 6.0.0")
GENESYS = ProviderRequirement("registry.terraform.io/mypurecloud/genesyscloud", ">= 1.60.0, < 2.0.0")
PLATFORM = "linux_amd64"


def unpack(mirror, requirement, version, platform=PLATFORM):
    (mirror / requirement.address / version / platform).mkdir(parents=True)
    return mirror


def pack(mirror, requirement, version, platform=PLATFORM):
    folder = mirror / requirement.address
    folder.mkdir(parents=True)
    kind = requirement.address.rsplit("/", 1)[1]
    (folder / f"terraform-provider-{kind}_{version}_{platform}.zip").touch()
    return mirror


@pytest.fixture
def find(tmp_path):
    """Find mirrors in a home and a shared folder of this test's own."""
    home, shared = tmp_path / "home", tmp_path / "opt"
    home.mkdir()
    shared.mkdir()

    def search(*requirements, configured=None, environ=None, **options):
        return find_mirrors(
            requirements or (AWS,),
            configured=configured,
            environ={"HOME": str(home), "XDG_DATA_DIRS": str(tmp_path / "share"), **(environ or {})},
            platform=PLATFORM,
            system="linux",
            shared_folders=(shared, tmp_path / "missing"),
            **options,
        )

    return search


def places(search):
    return [(mirror.path, mirror.addresses) for mirror in search.mirrors]


@pytest.mark.parametrize("layout", [unpack, pack])
def test_mirror_one_level_below_a_shared_folder_is_found(layout, find, tmp_path):
    """Both layouts that Terraform reads are read, without anything being configured."""
    mirror = layout(tmp_path / "opt" / "plugins", AWS, "5.100.0")

    assert places(find()) == [(mirror, (AWS.address,))]


def test_named_mirrors_come_before_found_ones(find, tmp_path):
    """The environment file beats the variable, the variable beats Terraform's folders, those beat shared ones."""
    shared = unpack(tmp_path / "opt" / "plugins", AWS, "5.100.0")
    implied = unpack(tmp_path / "home" / ".terraform.d" / "plugins", AWS, "5.99.0")
    variable = unpack(tmp_path / "variable", AWS, "5.98.0")
    configured = unpack(tmp_path / "configured", AWS, "5.97.0")
    environ = {"GCBRIDGE_PROVIDER_MIRROR": str(variable)}

    assert find(configured=str(configured), environ=environ).mirrors[0].path == configured
    assert find(environ=environ).mirrors[0].path == variable
    assert find().mirrors[0].path == implied
    assert find().looked_in[-1] == shared


@pytest.mark.parametrize(("version", "platform"), [("4.67.0", PLATFORM), ("5.100.0", "darwin_arm64")])
def test_mirror_without_a_fitting_package_is_passed_over(version, platform, find, tmp_path):
    """A wrong version or another platform's package is of no use."""
    unpack(tmp_path / "opt" / "a", AWS, version, platform)
    fitting = unpack(tmp_path / "opt" / "b", AWS, "5.100.0")

    assert places(find()) == [(fitting, (AWS.address,))]


def test_each_provider_has_its_own_mirror(find, tmp_path):
    """Two providers may lie in two mirrors; what no mirror holds is left to the registry."""
    sandbox = unpack(tmp_path / "sandbox", GENESYS, "1.84.1")
    shared = unpack(tmp_path / "opt" / "plugins", AWS, "5.100.0")
    random = ProviderRequirement("registry.terraform.io/hashicorp/random")

    found = find(AWS, GENESYS, random, configured=str(sandbox))

    assert places(found) == [(sandbox, (GENESYS.address,)), (shared, (AWS.address,))]
    assert random.address not in found.mirrored


def test_configured_mirror_that_does_not_exist_is_remembered(find, tmp_path):
    """The error about a missing provider can then say that it was looked for there."""
    found = find(configured=str(tmp_path / "nowhere"))

    assert found.mirrors == ()
    assert found.looked_in[0] == tmp_path / "nowhere"


def test_opentofu_looks_for_both_registries(find, tmp_path):
    """OpenTofu reads hashicorp/aws as its own registry's; a mirror may hold either."""
    tofu = ProviderRequirement("registry.opentofu.org/hashicorp/aws")
    mirror = unpack(unpack(tmp_path / "opt" / "plugins", AWS, "5.100.0"), tofu, "5.100.0")

    assert places(find(product="opentofu")) == [(mirror, (tofu.address, AWS.address))]


def test_implied_folders_of_linux_and_macos(tmp_path):
    """The folders are those that HashiCorp documents."""
    home = str(tmp_path)

    assert [str(folder) for folder in implied_folders({"HOME": home}, "linux")] == [
        f"{home}/.terraform.d/plugins",
        f"{home}/.local/share/terraform/plugins",
        "/usr/local/share/terraform/plugins",
        "/usr/share/terraform/plugins",
    ]
    assert [str(folder) for folder in implied_folders({"HOME": home}, "darwin")] == [
        f"{home}/.terraform.d/plugins",
        f"{home}/Library/Application Support/io.terraform/plugins",
        "/Library/Application Support/io.terraform/plugins",
    ]
