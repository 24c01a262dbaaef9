"""The schema of the provider block: genesyscloud/provider/provider_schema.go of the real provider, 1.84.1."""

from __future__ import annotations

from gcbridge.sandbox.provider.schema import (
    BOOL,
    NUMBER,
    STRING,
    Attribute,
    Block,
    Check,
    CtyType,
    NestedBlock,
    Nesting,
)
from gcbridge.sandbox.provider.validation import between, go_duration, one_of

GENESYS_REGIONS = (
    "dca",
    "tca",
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "ap-southeast-2",
    "ap-northeast-1",
    "eu-central-1",
    "ca-central-1",
    "ap-northeast-2",
    "ap-south-1",
    "sa-east-1",
    "ap-northeast-3",
    "eu-central-2",
    "me-central-1",
    "mx-central-1",
    "ap-southeast-1",
    "eusc-de-east-1",
)


def _optional(environment: str, *checks: Check, of: CtyType = STRING, sensitive: bool = False) -> Attribute:
    variable = f"GENESYSCLOUD_{environment}"
    return Attribute(of, optional=True, environment=variable, checks=checks, sensitive=sensitive)


def _server(prefix: str) -> dict[str, Attribute]:
    return {name: _optional(f"{prefix}_{name.upper()}") for name in ("host", "port", "protocol")}


def _auth(prefix: str) -> NestedBlock:
    names = {name: _optional(f"{prefix}_AUTH_{name.upper()}") for name in ("username", "password")}
    return NestedBlock(Nesting.SET, Block(names), max_items=1)


_PATH_PARAM = {name: Attribute(STRING, required=True) for name in ("path_name", "path_value")}
_PATH_PARAMS = NestedBlock(Nesting.SET, Block(_PATH_PARAM))

GATEWAY = Block(_server("GATEWAY"), {"path_params": _PATH_PARAMS, "auth": _auth("GATEWAY")})
PROXY = Block(_server("PROXY"), {"auth": _auth("PROXY")})

PROVIDER = Block(
    {
        "access_token": _optional("ACCESS_TOKEN"),
        "aws_region": _optional("REGION", one_of(*GENESYS_REGIONS, ignore_case=True)),
        "custom_retry_timeout": _optional("CUSTOM_RETRY_TIMEOUT", go_duration),
        "log_stack_traces": _optional("LOG_STACK_TRACES", of=BOOL),
        "log_stack_traces_file_path": _optional("LOG_STACK_TRACES_FILE_PATH"),
        "max_concurrent_pages": _optional("MAX_CONCURRENT_PAGES", between(1, 75), of=NUMBER),
        "oauthclient_id": _optional("OAUTHCLIENT_ID"),
        "oauthclient_secret": _optional("OAUTHCLIENT_SECRET", sensitive=True),
        "sdk_client_pool_debug": _optional("SDK_CLIENT_POOL_DEBUG", of=BOOL),
        "sdk_debug": _optional("SDK_DEBUG", of=BOOL),
        "sdk_debug_file_path": _optional("SDK_DEBUG_FILE_PATH"),
        "sdk_debug_format": _optional("SDK_DEBUG_FORMAT", one_of("Text", "Json")),
        "token_acquire_timeout": _optional("TOKEN_ACQUIRE_TIMEOUT", go_duration),
        "token_init_timeout": _optional("TOKEN_INIT_TIMEOUT", go_duration),
        "token_pool_size": _optional("TOKEN_POOL_SIZE", between(1, 50), of=NUMBER),
    },
    {
        "gateway": NestedBlock(Nesting.SET, GATEWAY),
        "proxy": NestedBlock(Nesting.SET, PROXY, max_items=1),
    },
)
