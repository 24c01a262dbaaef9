"""Templates and Terraform modules: those that gcbridge brings, and what a workspace puts in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gcbridge.errors import GcbridgeError
from gcbridge.model.stack import RenderSources

MODULES = "modules"
TEMPLATES = "templates"
FUNCTION = "function"
TEMPLATE_GLOB = "*/*.tf.j2"
NOT_PART_OF_A_MODULE = frozenset({"tests", "examples", ".terraform"})

_Module = dict[PurePosixPath, str]


def read_render_sources(workspace: Path | None = None, bundled: Path | None = None) -> RenderSources:
    """A workspace's `templates/<stack>/<file>` or `modules/<name>/` stands in for the bundled one of that name.

    A module is replaced as a whole, a template file by file; new names are added. What equals the bundled text
    does not count as an override, so a checkout of gcbridge can be a workspace.

    Args:
        workspace: folder that holds `environments/`; None for what is bundled alone.
        bundled: folder that holds the bundled `modules/` and `templates/`; default: where gcbridge is installed.

    Raises:
        GcbridgeError: the installation is incomplete, or a file is not UTF-8 text.
    """
    root = bundled or find_bundled()
    templates, modules = _read_templates(root), _read_modules(root)
    own_templates = _read_templates(workspace) if workspace else {}
    own_modules = _read_modules(workspace) if workspace else {}
    overrides = [
        *(f"{TEMPLATES}/{name}" for name, text in own_templates.items() if templates.get(name) != text),
        *(f"{MODULES}/{name}" for name, files in own_modules.items() if modules.get(name) != files),
    ]
    return RenderSources(templates | own_templates, modules | own_modules, tuple(sorted(overrides)))


def bundled_function(workspace: Path, module: str) -> Path:
    """Folder of the function that a module brings: the workspace's own, or the bundled one.

    Args:
        workspace: folder that holds `environments/`.
        module: name of the module, such as `target-dynamodb`.

    Raises:
        GcbridgeError: the installation is incomplete.
    """
    own = workspace / MODULES / module / FUNCTION
    return own if own.is_dir() else find_bundled() / MODULES / module / FUNCTION


def find_bundled(package: Path | None = None) -> Path:
    """The bundled folders lie inside the installed package, or beside `src/` in a checkout.

    Args:
        package: folder of the package `gcbridge`; default: this one's.

    Raises:
        GcbridgeError: neither place has them.
    """
    package = package or Path(__file__).resolve().parent.parent
    places = (package, package.parent.parent)
    for place in places:
        if (place / MODULES).is_dir() and (place / TEMPLATES).is_dir():
            return place
    raise GcbridgeError(
        "gcbridge's own templates and Terraform modules are missing: the installation is incomplete",
        where=", ".join(str(place) for place in places),
        hint="pip install --force-reinstall gcbridge",
    )


def _read_templates(root: Path) -> dict[str, str]:
    folder = root / TEMPLATES
    return {path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.glob(TEMPLATE_GLOB))}


def _read_modules(root: Path) -> dict[str, _Module]:
    folder = root / MODULES
    modules = {path.name: dict(_read_module(path)) for path in sorted(folder.glob("*")) if path.is_dir()}
    return {name: files for name, files in modules.items() if files}


def _read_module(folder: Path) -> Iterator[tuple[PurePosixPath, str]]:
    for path in sorted(folder.rglob("*.tf")):
        inside = PurePosixPath(path.relative_to(folder).as_posix())
        if not NOT_PART_OF_A_MODULE & set(inside.parts):
            yield inside, _read(path)


def _read(path: Path) -> str:
    """Line ends become LF, so that a checkout on any system renders the same bytes."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GcbridgeError("not UTF-8 text", where=str(path), hint="save the file as UTF-8") from error
