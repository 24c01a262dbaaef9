"""The CLI configuration that Terraform gets."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gcbridge.terraform import Mirror, ProviderSearch, provider_installation, write_cli_configuration

AWS = "registry.terraform.io/hashicorp/aws"
GENESYS = "registry.terraform.io/mypurecloud/genesyscloud"


def test_mirrors_for_what_they_hold_and_the_registry_for_the_rest():
    """The registry is never asked for what a mirror holds."""
    search = ProviderSearch(mirrors=(Mirror(Path("/m1"), (GENESYS,)), Mirror(Path('/m "2"'), (AWS,))))

    assert provider_installation(search) == (
        "disable_checkpoint = true\n"
        "\n"
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        '    path    = "/m1"\n'
        f'    include = ["{GENESYS}"]\n'
        "  }\n"
        "\n"
        "  filesystem_mirror {\n"
        '    path    = "/m \\"2\\""\n'
        f'    include = ["{AWS}"]\n'
        "  }\n"
        "\n"
        "  direct {\n"
        f'    exclude = ["{GENESYS}", "{AWS}"]\n'
        "  }\n"
        "}\n"
    )


def test_without_mirrors_the_registry_has_everything():
    """A machine with internet needs no mirror."""
    assert "direct {\n  }" in provider_installation(ProviderSearch())


def test_file_appears_whole_in_the_work_folder(tmp_path):
    """Writers in several threads leave one whole file and nothing else."""
    folder = tmp_path / ".gcbridge" / "dev"
    search = ProviderSearch(mirrors=(Mirror(Path("/m1"), (AWS,)),))

    with ThreadPoolExecutor(4) as pool:
        written = set(pool.map(lambda _: write_cli_configuration(folder, search), range(8)))

    assert written == {folder / "terraform.tfrc"}
    assert list(folder.iterdir()) == [folder / "terraform.tfrc"]
    assert (folder / "terraform.tfrc").read_text() == provider_installation(search)
