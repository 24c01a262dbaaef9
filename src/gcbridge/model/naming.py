"""Names and quotas of EventBridge and Genesys Cloud, each written once.

Sources: the EventBridge API reference (lengths and patterns of names), the EventBridge and CloudWatch Logs quotas pages, and the
Genesys Cloud resource centre's page on the Amazon EventBridge integration (suffix).
"""

from __future__ import annotations

import re
from typing import Literal

RULE_NAME_MAX = 64
RULE_NAME_PATTERN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
TARGETS_PER_RULE_MAX = 5
RULES_PER_BUS_MAX = 300
RULES_PER_BUS_MAX_IN = {"af-south-1": 100, "eu-south-1": 100}
"""Regions whose quota is lower; AWS raises each on request."""
EVENT_PATTERN_MAX = 2048
WILDCARD_RULES_PER_BUS_MAX = 30
"""Rules whose pattern holds `wildcard`; AWS raises this for nobody."""
DESCRIPTION_MAX = 512
LOG_RESOURCE_POLICIES_PER_REGION_MAX = 10
SUFFIX_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,64}")
EVENT_BUS_NAME_MAX = 256
INPUT_PATHS_MAX = 100
INPUT_PATH_MAX = 256
INPUT_MAX = 8192
ARCHIVE_NAME_MAX = 48
ROLE_NAME_MAX = 64
QUEUE_NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,80}")
LOG_GROUP_NAME_PATTERN = re.compile(r"[A-Za-z0-9_/.#-]{1,512}")
ENVIRONMENT_NAME_PATTERN = re.compile(r"[a-z][a-z0-9-]{0,31}")
TOPIC_PATTERN = re.compile(r"v2(\.([A-Za-z0-9_-]+|\{id\}))+")
LambdaRuntime = Literal[
    "python3.10", "python3.11", "python3.12", "python3.13", "nodejs20.x", "nodejs22.x",
    "java17", "java21", "ruby3.3", "ruby3.4", "dotnet8", "provided.al2023",
]  # fmt: skip
"""Runtimes that AWS supports and version 5 of the AWS provider knows."""
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
TARGET_SERVICES = {
    "sqs": "sqs",
    "sns": "sns",
    "lambda": "lambda",
    "kinesis": "kinesis",
    "firehose": "firehose",
    "log_group": "logs",
    "step_functions": "states",
    "api_destination": "events",
    "event_bus": "events",
}
"""Target type -> service in the ARN of one that exists."""
INTEGRATION_TYPE = "amazon-eventbridge-source"

AUDIT_TOPIC = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE_TOPIC = "v2.users.{id}.presence"
CAUSE_TOPICS: dict[str, tuple[str, ...]] = {
    "presence": (AUDIT_TOPIC, PRESENCE_TOPIC),
    "integration_notes": (AUDIT_TOPIC,),
    "oauth_client": (AUDIT_TOPIC,),
    "traffic": (),
}
"""What `verify.cause` changes in Genesys Cloud -> topics that tell of it."""

GENESYS_DOMAINS = {
    "us-east-1": "mypurecloud.com",
    "us-east-2": "use2.us-gov-pure.cloud",
    "us-west-2": "usw2.pure.cloud",
    "ca-central-1": "cac1.pure.cloud",
    "mx-central-1": "mxc1.pure.cloud",
    "sa-east-1": "sae1.pure.cloud",
    "eu-west-1": "mypurecloud.ie",
    "eu-west-2": "euw2.pure.cloud",
    "eu-central-1": "mypurecloud.de",
    "eu-central-2": "euc2.pure.cloud",
    "eusc-de-east-1": "edee1.eusc-pure.cloud",
    "me-central-1": "mec1.pure.cloud",
    "ap-south-1": "aps1.pure.cloud",
    "ap-southeast-1": "apse1.pure.cloud",
    "ap-southeast-2": "mypurecloud.com.au",
    "ap-northeast-1": "mypurecloud.jp",
    "ap-northeast-2": "apne2.pure.cloud",
    "ap-northeast-3": "apne3.pure.cloud",
}
"""Region code of a Genesys Cloud organization -> its domain (region map of the genesyscloud provider 1.84.1)."""

AWS_REGIONS = frozenset(
    """
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
    ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
    ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2
    eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1
    us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2
    """.split()
)
"""Regions where EventBridge answers (endpoint data of botocore 1.43.106, isolated partitions left out)."""


def event_source_name(org_id: str, suffix: str) -> str:
    """Genesys names its partner event source after the organization and the suffix, so nothing looks it up.

    >>> event_source_name("a3b1c2d4-0000-4000-8000-000000000000", "dev")
    'aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev'
    """
    return f"aws.partner/genesys.com/cloud/{org_id}/{suffix}"


def aws_partition(region: str) -> str:
    """The ARN partition follows from the region code."""
    for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(prefix):
            return partition
    return "aws"


def rule_arn(region: str, account_id: str, event_bus_name: str, rule_name: str) -> str:
    """The ARN of a rule holds its bus name, slashes included."""
    return f"arn:{aws_partition(region)}:events:{region}:{account_id}:rule/{event_bus_name}/{rule_name}"
