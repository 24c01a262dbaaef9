"""Opens the doors of the tool rooms for one workspace; every use case takes these as its first argument."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

from gcbridge.aws.session import Aws, open_aws
from gcbridge.genesys.client import GenesysCloud, open_genesys
from gcbridge.genesys.credentials import credentials_from
from gcbridge.model.bridge import AwsAccount, Bridge, Organization
from gcbridge.model.progress import Progress, Watcher, watch_nothing
from gcbridge.model.stack import FunctionPackage, RenderedStacks, RenderSources, StackName
from gcbridge.model.target import DynamodbTarget, LambdaTarget
from gcbridge.study.render import render
from gcbridge.workflows.flow_files import read_flows
from gcbridge.workspace.assets import bundled_function, read_render_sources
from gcbridge.workspace.function_packages import package_function
from gcbridge.workspace.layout import Workspace


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Rooms:
    """One workspace, one process environment, one watcher.

    Args:
        workspace: where environments and gcbridge's own files lie.
        environ: environment variables; the only place that credentials come from, besides AWS's own chain.
        watch: is told what goes on.
    """

    workspace: Workspace
    environ: Mapping[str, str] = field(repr=False)
    watch: Watcher = watch_nothing

    def open_aws(self, account: AwsAccount) -> Aws:
        """Clients of one AWS account and region.

        Raises:
            AwsError: no credentials.
        """
        return open_aws(account, environ=self.environ)

    def open_genesys(self, organization: Organization) -> GenesysCloud:
        """A client of one Genesys Cloud organization.

        Raises:
            GenesysError: no credentials, or they were refused.
        """
        return open_genesys(organization, credentials_from(self.environ))

    def render(self, bridge: Bridge) -> RenderedStacks:
        """Both stacks as text, with the workspace's own templates and modules in front of the bundled ones."""
        sources: RenderSources = read_render_sources(self.workspace.root)
        for name in sources.overrides:
            self.watch(Progress("render", "note", f"this workspace's {name} stands for the bundled one"))
        flows = read_flows(self.workspace, bridge)
        return render(bridge, replace(sources, packages=self._packages(bridge), flows=flows))

    def _packages(self, bridge: Bridge) -> dict[str, FunctionPackage]:
        return {
            target.name: package_function(self._function_source(target))
            for target in bridge.targets
            if isinstance(target, LambdaTarget | DynamodbTarget)
        }

    def _function_source(self, target: LambdaTarget | DynamodbTarget) -> Path:
        if isinstance(target, LambdaTarget):
            return self.workspace.root / (target.spec.source or "")
        return bundled_function(self.workspace.root, "target-dynamodb")

    def stack_folder(self, bridge: Bridge, stack: StackName) -> Path:
        """Where a stack's root module lies on disk."""
        return self.workspace.stack_folder(bridge.environment, stack)


def gateway_variable(base_url: str) -> str:
    """The provider's `gateway` block takes an API address apart; Terraform reads it as TF_VAR_genesys_gateway.

    >>> gateway_variable("http://127.0.0.1:8080")
    '{"host": "127.0.0.1", "port": "8080", "protocol": "http"}'
    """
    url = urlsplit(base_url)
    port = url.port or (443 if url.scheme == "https" else 80)
    return json.dumps({"host": url.hostname, "port": str(port), "protocol": url.scheme})
