"""The calls of Terraform's plugin protocol 6, answered as terraform-plugin-sdk v2 answers them.

Plan and apply say `legacy_type_system`: like the real provider, the stand-in may return "" for null and JSON
in another spelling than the configuration's, and Terraform lets that pass with a warning in its log.
"""
# ruff: noqa: ARG002, N802 - names and arguments of the methods are the protocol's.

from __future__ import annotations

import json
from collections.abc import Callable

import grpc

from gcbridge.sandbox.provider.diagnostics import attribute_path, diagnostic, reporting
from gcbridge.sandbox.provider.genesyscloud import GenesysCloudProvider
from gcbridge.sandbox.provider.lifecycle import apply_change
from gcbridge.sandbox.provider.messages import Message, message, message_class
from gcbridge.sandbox.provider.planning import plan_change
from gcbridge.sandbox.provider.protocol import CALLS, SERVICE
from gcbridge.sandbox.provider.schema import Block, schema_message
from gcbridge.sandbox.provider.validation import validate
from gcbridge.sandbox.provider.wire import Value, decode, encode

_CAPABILITIES = message("ServerCapabilities", get_provider_schema_optional=True)


def _diagnostics(body: Block, config: Message) -> list[Message]:
    return [diagnostic(error) for error in validate(body, decode(config))]


def provider_service(provider: GenesysCloudProvider) -> grpc.GenericRpcHandler:
    """The service as gRPC registers it; a call that is not in the table is answered UNIMPLEMENTED."""
    servicer = Servicer(provider)
    handlers = {call: _handler(call, getattr(servicer, call)) for call in CALLS}
    return grpc.method_handlers_generic_handler(SERVICE, handlers)


def _handler(call: str, method: Callable[[Message], Message]) -> grpc.RpcMethodHandler:
    def answer(request: Message, _context: grpc.ServicerContext) -> Message:
        return method(request)

    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=message_class(f"{call}.Request").FromString,
        response_serializer=message_class(f"{call}.Response").SerializeToString,
    )


class Servicer:
    """One method per call; whatever goes wrong becomes a diagnostic of the response."""

    def __init__(self, provider: GenesysCloudProvider) -> None:
        self._provider = provider

    def GetMetadata(self, request: Message) -> Message:
        """Names only: Terraform asks for it first and fetches the schema when it needs one."""
        resources, sources = self._provider.resources, self._provider.data_sources
        return message(
            "GetMetadata.Response",
            server_capabilities=_CAPABILITIES,
            resources=[message("GetMetadata.ResourceMetadata", type_name=name) for name in resources],
            data_sources=[message("GetMetadata.DataSourceMetadata", type_name=name) for name in sources],
        )

    def GetProviderSchema(self, request: Message) -> Message:
        """The whole schema, the same for every configuration."""
        resources, sources = self._provider.resources, self._provider.data_sources
        return message(
            "GetProviderSchema.Response",
            server_capabilities=_CAPABILITIES,
            provider=schema_message(self._provider.body),
            resource_schemas={name: schema_message(one.body, one.version) for name, one in resources.items()},
            data_source_schemas={name: schema_message(one.body) for name, one in sources.items()},
        )

    def ValidateProviderConfig(self, request: Message) -> Message:
        """Checks the provider block without a network call."""
        response = message("ValidateProviderConfig.Response")
        with reporting(response):
            response.diagnostics.extend(_diagnostics(self._provider.body, request.config))
        return response

    def ValidateResourceConfig(self, request: Message) -> Message:
        """Checks a resource block without a network call."""
        response = message("ValidateResourceConfig.Response")
        with reporting(response):
            body = self._provider.resources[request.type_name].body
            response.diagnostics.extend(_diagnostics(body, request.config))
        return response

    def ValidateDataResourceConfig(self, request: Message) -> Message:
        """Checks a data block without a network call."""
        response = message("ValidateDataResourceConfig.Response")
        with reporting(response):
            body = self._provider.data_sources[request.type_name].body
            response.diagnostics.extend(_diagnostics(body, request.config))
        return response

    def ConfigureProvider(self, request: Message) -> Message:
        """Logs in."""
        response = message("ConfigureProvider.Response")
        with reporting(response):
            self._provider.configure(decode(request.config))
        return response

    def UpgradeResourceState(self, request: Message) -> Message:
        """Fits a stored state to today's attributes: what is missing becomes null, the rest is dropped."""
        response = message("UpgradeResourceState.Response")
        with reporting(response):
            body = self._provider.resources[request.type_name].body
            stored = json.loads(request.raw_state.json)
            fitted = {name: stored.get(name) for name in (*body.attributes, *body.blocks)}
            response.upgraded_state.CopyFrom(encode(fitted))
        return response

    def ReadResource(self, request: Message) -> Message:
        """The resource as it is now; null when it is gone, so that Terraform plans to create it again."""
        response = message("ReadResource.Response", new_state=request.current_state, private=request.private)
        with reporting(response):
            known = decode(request.current_state)
            resource = self._provider.resources[request.type_name]
            response.new_state.CopyFrom(encode(resource.read(self._provider.api, known["id"], known)))
        return response

    def PlanResourceChange(self, request: Message) -> Message:
        """The state after apply as far as it can be known; a null proposal is a destruction."""
        response = message(
            "PlanResourceChange.Response",
            planned_state=request.proposed_new_state,
            planned_private=request.prior_private,
            legacy_type_system=True,
        )
        with reporting(response):
            prior, proposed = decode(request.prior_state), decode(request.proposed_new_state)
            if proposed is not None:
                resource = self._provider.resources[request.type_name]
                change = plan_change(resource.body, prior, proposed)
                response.planned_state.CopyFrom(encode(resource.customize_plan(change.state)))
                response.requires_replace.extend(attribute_path(path) for path in change.replace)
        return response

    def ApplyResourceChange(self, request: Message) -> Message:
        """Makes the change; after a failure the state still holds what exists."""
        response = message(
            "ApplyResourceChange.Response",
            new_state=request.prior_state,
            private=request.planned_private,
            legacy_type_system=True,
        )
        with reporting(response):
            resource = self._provider.resources[request.type_name]
            prior, planned = decode(request.prior_state), decode(request.planned_state)
            applied = apply_change(resource, self._provider.api, prior, planned)
            response.new_state.CopyFrom(encode(applied.state))
            if applied.error is not None:
                raise applied.error
        return response

    def ImportResourceState(self, request: Message) -> Message:
        """Takes the id as it is; Terraform reads the rest in its next call."""
        response = message("ImportResourceState.Response")
        with reporting(response):
            body = self._provider.resources[request.type_name].body
            empty: dict[str, Value] = {**dict.fromkeys(body.attributes), **{name: [] for name in body.blocks}}
            response.imported_resources.add(
                type_name=request.type_name, state=encode(empty | {"id": request.id})
            )
        return response

    def ReadDataSource(self, request: Message) -> Message:
        """One look-up."""
        response = message("ReadDataSource.Response")
        with reporting(response):
            source = self._provider.data_sources[request.type_name]
            response.state.CopyFrom(encode(source.read(self._provider.api, decode(request.config))))
        return response

    def GetFunctions(self, request: Message) -> Message:
        """The real provider has no functions."""
        return message("GetFunctions.Response")

    def StopProvider(self, request: Message) -> Message:
        """Calls under way finish: they are bounded, and the real provider cannot cancel them either."""
        return message("StopProvider.Response")
