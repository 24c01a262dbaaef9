"""The customer's side of a bridge and what is around it, in words that tests of targets share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from recorded_endpoint import Endpoint

CUSTOMER = "123456789012"
REGION = "eu-west-1"
RULE = "all"
PATIENCE_SECONDS = 20

Fields: TypeAlias = dict[str, Any]


def arn(service: str, resource: str, account: str = CUSTOMER, region: str = REGION) -> str:
    """An ARN of the customer's."""
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def policy(*statements: Fields) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@dataclass(frozen=True)
class World:
    """The customer's bridge, and an endpoint outside of AWS."""

    bridge: Any
    endpoint: Endpoint

    def aws(self, service: str, **place: str) -> Any:
        """A client of the customer's."""
        return self.bridge.connect(service, **place)

    def for_rule(self, action: Any, resource: str) -> str:
        """A resource policy: EventBridge may, on behalf of the rule."""
        return policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": action,
                "Resource": resource,
                "Condition": {"ArnEquals": {"aws:SourceArn": self.bridge.rule_arn(RULE)}},
            }
        )

    def trust(self, service: str = "events.amazonaws.com", **conditions: Any) -> str:
        """A trust policy for a service, with these conditions."""
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        return policy({**statement, "Condition": conditions})

    def rule_trust(self) -> str:
        """The trust policy of an invoke role: for this rule, from this account."""
        source = {"aws:SourceArn": self.bridge.rule_arn(RULE)}
        return self.trust(ArnEquals=source, StringEquals={"aws:SourceAccount": CUSTOMER})

    def add_role(self, name: str, *allowed: tuple[str, str], trust: str | None = None) -> str:
        """A role that may do each action on its resource; the rule can assume it unless said otherwise."""
        iam = self.aws("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust or self.rule_trust())
        statements = [{"Effect": "Allow", "Action": do, "Resource": on} for do, on in allowed]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(*statements))
        return str(role["Role"]["Arn"])

    def forbid_role(self) -> None:
        """Take away all that the role ``invoke`` may do."""
        self.aws("iam").delete_role_policy(RoleName="invoke", PolicyName="p")

    def messages(self, queue: str) -> list[str]:
        """The bodies in a queue."""
        return [message["Body"] for message in self.bridge.receive(queue)]

    def add_dead_letter_queue(self, rule: str = RULE) -> Fields:
        """The fields of a target for which the queue ``dead`` keeps what can't be delivered."""
        return {"DeadLetterConfig": {"Arn": self.bridge.add_queue("dead", rule)}}

    def dead_letters(self) -> list[Fields]:
        """The dead letters so far: their bodies, and their attributes as plain text."""
        return [
            {"body": json.loads(message["Body"]), **attributes(message)}
            for message in self.bridge.receive("dead")
        ]


def wait_for(look: Callable[[], list[Any]]) -> list[Any]:
    """What ``look`` finds, as soon as it finds something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    return []


def attributes(message: Fields) -> dict[str, str]:
    """A message's attributes, as plain text."""
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
