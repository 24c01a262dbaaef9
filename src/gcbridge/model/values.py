"""Types of single values in an environment file: what is allowed, and what a person is told otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from gcbridge.model import naming


def _normalize(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True)
class _FullMatch:
    """Text that matches a pattern as a whole; editors learn the pattern, people what is allowed."""

    pattern: re.Pattern[str]
    allowed: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^({self.pattern.pattern})$"}

    def _check(self, value: str) -> str:
        if not self.pattern.fullmatch(value):
            raise ValueError(f"{value!r} is not allowed; allowed: {self.allowed}")
        return value


def _one_of(values: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": sorted(values)})


def _quoted(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(
            f"must be text: write it in quotes, '{value:012d}' (a YAML number loses leading zeros)"
        )
    return value


def _genesys_region(value: str) -> str:
    if value not in naming.GENESYS_DOMAINS:
        raise ValueError(
            f"{value!r} is no Genesys Cloud region; allowed: {', '.join(sorted(naming.GENESYS_DOMAINS))}"
        )
    return value


def _rule_name_length(value: str) -> str:
    if len(value) > naming.RULE_NAME_MAX:
        raise ValueError(f"has {len(value)} characters; at most {naming.RULE_NAME_MAX} are allowed")
    return value


def _aws_region(value: str) -> str:
    if value not in naming.AWS_REGIONS:
        raise ValueError(f"{value!r} is no AWS region; allowed: {', '.join(sorted(naming.AWS_REGIONS))}")
    return value


def _test_event(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise ValueError("is the path of a file, or an event with detail-type and detail")
    return value


def _expected_targets(value: Any) -> Any:
    if not isinstance(value, list | tuple | dict | None):
        raise ValueError("is a list of targets, or a mapping of targets to what they receive")
    return value


def _tag_key(value: str) -> str:
    if value.lower().startswith("aws:"):
        raise ValueError(f"{value!r} is not allowed; AWS keeps tags that begin with aws: for itself")
    return value


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and (written := re.fullmatch(r"([0-9]{1,6})([smh])", value)):
        return int(written[1]) * {"s": 1, "m": 60, "h": 3600}[written[2]]
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is not allowed; allowed: seconds, or text such as 90s, 30m, 24h")
    return value


def _encryption(value: str) -> str:
    if value in {"sse", "new_key"} or KEY_ARN_PATTERN.fullmatch(value):
        return value
    if value.endswith("alias/aws/sqs"):
        raise ValueError(
            "alias/aws/sqs loses every event without a word: the policy of that key cannot be changed and does not let "
            "EventBridge use it; write sse, new_key, or the ARN of a key of your own"
        )
    raise ValueError(
        f"{value!r} is not allowed; allowed: sse, new_key, or the ARN of a key (not an alias) such as "
        "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-..."
    )


def _topic(value: str) -> str:
    if UUID_PATTERN.search(value):
        template = UUID_PATTERN.sub("{id}", value)
        raise ValueError(f"{value!r} holds a concrete id; EventBridge topics are templates: {template}")
    if not naming.TOPIC_PATTERN.fullmatch(value):
        raise ValueError(f"{value!r} is no topic; allowed: a topic template such as v2.users.{{id}}.presence")
    if value.startswith("v2.system."):
        raise ValueError(
            f"{value!r} belongs to the notification service's own socket and never reaches EventBridge"
        )
    return value


Text = Annotated[str, AfterValidator(_normalize)]
"""Free text. Terraform keeps strings in Unicode normal form C, so gcbridge does too."""

UUID_PATTERN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
URL_PATTERN = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?/?")

KEY_ARN_PATTERN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+")
OrgId = Annotated[str, _FullMatch(UUID_PATTERN, "a lower-case UUID, written by `gcbridge init`")]
GenesysRegion = Annotated[str, AfterValidator(_genesys_region), _one_of(naming.GENESYS_DOMAINS)]
Topic = Annotated[
    str,
    AfterValidator(_topic),
    WithJsonSchema({"type": "string", "pattern": f"^{naming.TOPIC_PATTERN.pattern}$"}),
]
Suffix = Annotated[str, _FullMatch(naming.SUFFIX_PATTERN, "1 to 64 letters, digits, '.', '-' or '_'")]
Url = Annotated[str, _FullMatch(URL_PATTERN, "http(s)://host[:port]")]
AccountId = Annotated[
    str,
    _FullMatch(re.compile(r"[0-9]{12}"), "12 digits, in quotes, '012345678901'"),
    BeforeValidator(_quoted),
]
AwsRegion = Annotated[str, AfterValidator(_aws_region), _one_of(naming.AWS_REGIONS)]
RuleName = Annotated[
    str,
    _FullMatch(naming.RULE_NAME_PATTERN, "letters, digits, '-' and '_', beginning with a letter or '_'"),
    AfterValidator(_rule_name_length),
    WithJsonSchema(
        {"type": "string"}
    ),  # as a key; a pattern would turn the schema's entries into patternProperties
]
TestName = Annotated[
    str,
    _FullMatch(re.compile(r"[^\x00-\x1f\x7f]{1,128}"), "1 to 128 characters on one line"),
    WithJsonSchema({"type": "string"}),  # as RuleName
]
TestEvent = Annotated[str | dict[str, Any], BeforeValidator(_test_event)]
ExpectedTargets = Annotated[tuple[str, ...] | dict[str, Any] | None, BeforeValidator(_expected_targets)]
TopicArn = Annotated[
    str,
    _FullMatch(
        re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"), "an SNS topic's ARN"
    ),
]
RoleArn = Annotated[
    str, _FullMatch(re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+"), "an IAM role's ARN")
]
QueueName = Annotated[str, _FullMatch(naming.QUEUE_NAME_PATTERN, "1 to 80 letters, digits, '-' or '_'")]
LogGroupName = Annotated[
    str, _FullMatch(naming.LOG_GROUP_NAME_PATTERN, "1 to 512 letters, digits, '_', '-', '/', '.' or '#'")
]
Arn = Annotated[
    str,
    _FullMatch(
        re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:[^\s*?]+"), "an exact ARN, without `*`"
    ),
]
ResourceName = Annotated[
    str, _FullMatch(re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}"), "1 to 64 letters, digits, '-' or '_'")
]
BucketName = Annotated[
    str,
    _FullMatch(re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"), "3 to 63 lower-case letters, digits or '-'"),
]
ArchiveName = Annotated[
    str,
    _FullMatch(
        re.compile(rf"[.\-_A-Za-z0-9]{{1,{naming.ARCHIVE_NAME_MAX}}}"),
        f"1 to {naming.ARCHIVE_NAME_MAX} letters, digits, '.', '-' or '_'",
    ),
]
EventBusName = Annotated[
    str,
    _FullMatch(
        re.compile(r"(?!aws\.)[.\-_A-Za-z0-9]{1,256}"),
        "letters, digits, '.', '-' or '_', not beginning with aws.",
    ),
]
JsonPath = Annotated[
    str,
    _FullMatch(
        re.compile(r"\$(\.[A-Za-z0-9_-]+(\[[0-9]+\])?)*"),
        "a path into the event such as $.detail.eventBody.id",
    ),
    Field(max_length=naming.INPUT_PATH_MAX),
]
ApiDestinationUrl = Annotated[
    str, _FullMatch(re.compile(r"https?://[^\s?#]{1,2000}"), "http(s)://host/path, without query")
]
SecretName = Annotated[
    str,
    _FullMatch(
        re.compile(
            r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(#[^\s#]+)?"
        ),
        "the ARN of a Secrets Manager secret, `#key` appended for one value of a JSON secret",
    ),
]
SecretArn = Annotated[
    str,
    _FullMatch(
        re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+"),
        "the ARN of a Secrets Manager secret",
    ),
]
VariableName = Annotated[
    str, _FullMatch(re.compile(r"[A-Za-z][A-Za-z0-9_]*"), "letters, digits and '_', beginning with a letter")
]
Duration = Annotated[int, BeforeValidator(_seconds)]
"""Seconds, written as a number or as text such as 90s, 30m, 24h."""
EncryptionChoice = Annotated[str, AfterValidator(_encryption)]
TagKey = Annotated[str, AfterValidator(_tag_key), Field(min_length=1, max_length=128)]
VersionConstraint = Annotated[
    str,
    _FullMatch(
        re.compile(
            r"\s*(=|!=|>=|<=|>|<|~>)?\s*\d+(\.\d+){0,2}[\w.-]*(\s*,\s*(=|!=|>=|<=|>|<|~>)?\s*\d+(\.\d+){0,2}[\w.-]*)*"
        ),
        "a Terraform version constraint such as '~> 5.80'",
    ),
]
