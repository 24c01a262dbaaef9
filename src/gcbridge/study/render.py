"""Bridge -> two Terraform root modules, as text.

Templates say which modules a root module calls. Every value passes the filter `hcl` (or `arguments` for several at
once, or `label` for the name of a module call); one that does not is refused, so text cannot become syntax by an oversight in a template.
Nothing here reads a file, a clock or the machine: equal input gives equal bytes everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from traceback import extract_tb
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gcbridge.errors import GcbridgeError
from gcbridge.model.bridge import Bridge
from gcbridge.model.spec import S3BackendSpec
from gcbridge.model.stack import FunctionPackage, RenderedStack, RenderedStacks, RenderSources, StackName
from gcbridge.model.target import DynamodbTarget, EventBusTarget, LambdaTarget
from gcbridge.study.delivery_settings import delivery_settings
from gcbridge.study.function_arguments import queues_label
from gcbridge.study.hcl import IDENTIFIER, Reference, hcl_arguments, hcl_literal
from gcbridge.study.target_arguments import package_path
from gcbridge.study.target_calls import target_calls
from gcbridge.study.trigger_calls import flow_texts, trigger_values

TEMPLATE_SUFFIX = ".tf.j2"
SHARED = "shared"
PROVIDERS = {StackName.GENESYS: "mypurecloud/genesyscloud", StackName.AWS: "hashicorp/aws"}
MODULE_CALL = re.compile(r'^\s*source\s*=\s*"(?:\./modules|\.\.)/([A-Za-z0-9_-]+)"', re.MULTILINE)
"""A root module calls `./modules/<name>`, a module calls its neighbour `../<name>`."""


class _Encoded(str):
    """Text that a filter has already made safe to stand in HCL."""

    __slots__ = ()


def render(bridge: Bridge, sources: RenderSources) -> RenderedStacks:
    """Both root modules follow from the Bridge and the sources alone: byte-identical on every run and machine.

    Args:
        bridge: everything decided.
        sources: templates and Terraform modules.

    Raises:
        GcbridgeError: a template is broken, or calls a module that does not exist. Only a workspace's own
            templates and modules can cause this.
    """
    values = _values(bridge, sources)
    return RenderedStacks(
        genesys=_render_stack(StackName.GENESYS, bridge, sources, values),
        aws=_render_stack(StackName.AWS, bridge, sources, values),
    )


def _render_stack(
    name: StackName, bridge: Bridge, sources: RenderSources, values: Mapping[str, Any]
) -> RenderedStack:
    environment = _environment(sources.templates)
    own = {**values, **_stack_values(name, bridge)}
    root = {
        PurePosixPath(file): _render_template(environment, template, own)
        for file, template in _templates_of(name, sources.templates).items()
    }
    files = {**root, **_called_modules(root, sources.modules)}
    if name is StackName.GENESYS:
        files |= flow_texts(bridge, sources.flows)
    return RenderedStack(name, files, _packages(bridge, sources) if name is StackName.AWS else {})


def _packages(bridge: Bridge, sources: RenderSources) -> dict[PurePosixPath, FunctionPackage]:
    return {
        PurePosixPath(package_path(target)): sources.packages[target.name]
        for target in bridge.targets
        if isinstance(target, LambdaTarget | DynamodbTarget)
    }


def _templates_of(name: StackName, templates: Iterable[str]) -> dict[str, str]:
    """A stack is made from the shared templates and its own; its own wins where both have a file."""
    found: dict[str, str] = {}
    for folder in (SHARED, name.value):
        for template in sorted(templates):
            path = PurePosixPath(template)
            if path.parent == PurePosixPath(folder) and path.name.endswith(TEMPLATE_SUFFIX):
                found[path.name.removesuffix(".j2")] = template
    return found


def _environment(templates: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (templates[name], f"templates/{name}", None)),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_refuse_bare,
    )
    environment.filters = {"hcl": _hcl, "arguments": _arguments, "label": _label}
    return environment


def _hcl(value: Any, indent: int = 0) -> _Encoded:
    if isinstance(value, StrictUndefined):
        value._fail_with_undefined_error()
    return _Encoded(hcl_literal(value, indent))


def _arguments(values: Mapping[str, Any]) -> _Encoded:
    return _Encoded(hcl_arguments(values))


def _label(value: Any) -> _Encoded:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise TemplateRuntimeError(f"{value!r} cannot name a Terraform object")
    return _Encoded(value)


def _refuse_bare(value: Any) -> Any:
    if isinstance(value, _Encoded | StrictUndefined):
        return value
    raise TemplateRuntimeError(
        f"{value!r} would be written as it is; pass it through the filter hcl or label"
    )


def _render_template(
    environment: ImmutableSandboxedEnvironment, template: str, values: Mapping[str, Any]
) -> str:
    try:
        return environment.get_template(template).render(values)
    except (TemplateError, TypeError, ValueError) as error:
        raise GcbridgeError(
            f"template {template} cannot be rendered",
            where=f"templates/{template}:{_template_line(error, template)}",
            detail=str(error),
            hint="mend the template in the workspace, or remove it there to use the one that gcbridge brings",
        ) from error


def _template_line(error: Exception, template: str) -> int:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == f"templates/{template}"]
    return (lines[-1] if lines else None) or 1


def _called_modules(
    root: Mapping[PurePosixPath, str], modules: Mapping[str, Mapping[PurePosixPath, str]]
) -> dict[PurePosixPath, str]:
    """Exactly the modules that are called, directly or by another module, come along."""
    files: dict[PurePosixPath, str] = {}
    done: set[str] = set()
    waiting = _calls(root)
    while waiting:
        (name, caller), *waiting = waiting
        if name in done:
            continue
        done.add(name)
        placed = {PurePosixPath("modules", name, path): text for path, text in _module(name, caller, modules)}
        files |= placed
        waiting += _calls(placed)
    return files


def _calls(files: Mapping[PurePosixPath, str]) -> list[tuple[str, PurePosixPath]]:
    return [(name, path) for path, text in files.items() for name in MODULE_CALL.findall(text)]


def _module(
    name: str, caller: PurePosixPath, modules: Mapping[str, Mapping[PurePosixPath, str]]
) -> Iterable[tuple[PurePosixPath, str]]:
    if name not in modules:
        raise GcbridgeError(
            f"there is no Terraform module {name}",
            where=str(caller),
            detail=f"modules: {', '.join(sorted(modules))}",
            hint=f"add modules/{name}/ to the workspace, or correct the module call",
        )
    return ((path, text) for path, text in modules[name].items() if path.suffix == ".tf")


def _values(bridge: Bridge, sources: RenderSources) -> dict[str, Any]:
    lost = [target.name for target in bridge.targets if target.dead_letter_queue_name is not None]
    return {
        **trigger_values(bridge),
        "bridge": bridge,
        "required_version": bridge.terraform.required_version,
        "assume_role": bridge.aws.assume_role,
        "tags": dict(sorted({"gcbridge:environment": bridge.environment, **dict(bridge.aws.tags)}.items())),
        "target_calls": [
            call for target in bridge.targets for call in target_calls(bridge.aws, target, sources.packages)
        ],
        "receivers": _receivers(bridge),
        "rule_targets": {
            rule.name: {name: delivery_settings(bridge.target(name)) for name in rule.targets}
            for rule in bridge.rules
        },
        "rule_arns": {rule.name: Reference(f"module.rule_{rule.name}.arn") for rule in bridge.rules},
        "target_arns": {
            target.name: Reference(f"module.target_{target.name}.arn") for target in bridge.targets
        },
        "dead_letter_queue_urls": {name: Reference(f"module.dead_letter_{name}.url") for name in lost},
        "function_queue_urls": {
            target.name: Reference(f"module.{queues_label(target)}.urls")
            for target in bridge.targets
            if isinstance(target, LambdaTarget) and target.queues
        },
    }


def _receivers(bridge: Bridge) -> list[dict[str, Any]]:
    """The provider configurations for targets in another account or region; each has its own, wherever it is."""
    return [
        {
            "alias": f"receiver_{target.name}",
            "region": target.receiver_region,
            "account_id": target.receiver_account_id,
            "assume_role": _receiver_role(bridge, target),
        }
        for target in bridge.targets
        if isinstance(target, EventBusTarget)
    ]


def _receiver_role(bridge: Bridge, target: EventBusTarget) -> dict[str, str | None] | None:
    role = bridge.aws.assume_role
    if target.spec.assume_role_arn:
        session = role.session_name if role else "gcbridge"
        return {"role_arn": target.spec.assume_role_arn, "session_name": session, "external_id": None}
    return role.model_dump() if role else None


def _stack_values(name: StackName, bridge: Bridge) -> dict[str, Any]:
    address = PROVIDERS[name]
    return {
        "provider": {
            "name": address.rpartition("/")[2],
            "address": address,
            "version": dict(bridge.terraform.provider_versions)[address],
        },
        "backend": _backend(name, bridge),
    }


def _backend(name: StackName, bridge: Bridge) -> dict[str, Any]:
    spec = bridge.terraform.backend
    if not isinstance(spec, S3BackendSpec):
        return {"type": spec.type, "path": f"../state/{name}.tfstate"}
    role = bridge.aws.assume_role
    return {
        "type": spec.type,
        "bucket": spec.bucket,
        "key": f"{spec.key_prefix.strip('/')}/{bridge.environment}/{name}.tfstate",
        "region": spec.region,
        "kms_key_id": spec.kms_key_id,
        "assume_role": role.model_dump(exclude_none=True) if role else None,
    }
