"""Provision and prove Genesys Cloud -> Amazon EventBridge bridges, environment by environment.

The same steps as the command line, as functions that return values:

    import gcbridge

    dev = gcbridge.load_environment("dev")         # Environment: what a person wrote, checked
    bridge = gcbridge.resolve(dev)                 # Bridge: everything decided, nothing looked up
    stacks = gcbridge.render(dev)                  # RenderedStacks: two Terraform root modules as text
    routes = gcbridge.route(dev, events)           # EventRoute for each event: who would receive what, and why not
    tests = gcbridge.run_tests(dev)                # ExpectationReport: the environment's own tests
    bundle = gcbridge.plan(dev)                    # PlanBundle: what would change in both clouds
    result = gcbridge.apply(dev, bundle)           # ApplyResult: exactly that bundle was applied
    report = gcbridge.verify(dev)                  # VerificationReport: link by link, first_broken named
    gcbridge.destroy(dev)                          # ApplyResult: both clouds are as they were before

Every function takes `workspace` (default: found upwards from the current folder) and `watch` (told what goes on).
Failures are `GcbridgeError`s; each carries summary, where, detail and hint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gcbridge.api import (
        apply,
        destroy,
        load_environment,
        plan,
        render,
        resolve,
        route,
        run_tests,
        verify,
    )
    from gcbridge.errors import (
        AwsError,
        EnvironmentInvalidError,
        EnvironmentMissingError,
        GcbridgeError,
        GenesysError,
        PlanOutdatedError,
        ProviderMissingError,
        RefusedError,
        TerraformError,
        TerraformMissingError,
        UsageError,
        WaitTimeoutError,
    )
    from gcbridge.model.bridge import Bridge
    from gcbridge.model.expectation import ExpectationReport
    from gcbridge.model.plan import PlanBundle, PlanSummary, ResourceChange
    from gcbridge.model.progress import Progress
    from gcbridge.model.result import ApplyResult, Check, VerificationReport
    from gcbridge.model.route import EventRoute
    from gcbridge.model.stack import RenderedStack, RenderedStacks
    from gcbridge.workflows.environment import Environment

_HOMES = {
    "gcbridge.api": (
        "apply",
        "destroy",
        "load_environment",
        "plan",
        "render",
        "resolve",
        "route",
        "run_tests",
        "verify",
    ),
    "gcbridge.errors": (
        "AwsError",
        "EnvironmentInvalidError",
        "EnvironmentMissingError",
        "GcbridgeError",
        "GenesysError",
        "PlanOutdatedError",
        "ProviderMissingError",
        "RefusedError",
        "TerraformError",
        "TerraformMissingError",
        "UsageError",
        "WaitTimeoutError",
    ),
    "gcbridge.model.bridge": ("Bridge",),
    "gcbridge.model.expectation": ("ExpectationReport",),
    "gcbridge.model.plan": ("PlanBundle", "PlanSummary", "ResourceChange"),
    "gcbridge.model.progress": ("Progress",),
    "gcbridge.model.result": ("ApplyResult", "Check", "VerificationReport"),
    "gcbridge.model.route": ("EventRoute",),
    "gcbridge.model.stack": ("RenderedStack", "RenderedStacks"),
    "gcbridge.workflows.environment": ("Environment",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ApplyResult",
    "AwsError",
    "Bridge",
    "Check",
    "Environment",
    "EnvironmentInvalidError",
    "EnvironmentMissingError",
    "EventRoute",
    "ExpectationReport",
    "GcbridgeError",
    "GenesysError",
    "PlanBundle",
    "PlanOutdatedError",
    "PlanSummary",
    "Progress",
    "ProviderMissingError",
    "RefusedError",
    "RenderedStack",
    "RenderedStacks",
    "ResourceChange",
    "TerraformError",
    "TerraformMissingError",
    "UsageError",
    "VerificationReport",
    "WaitTimeoutError",
    "apply",
    "destroy",
    "load_environment",
    "plan",
    "render",
    "resolve",
    "route",
    "run_tests",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Names are loaded when first used: the stand-in provider starts often and needs none of them."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
