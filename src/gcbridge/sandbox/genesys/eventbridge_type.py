"""The integration type `amazon-eventbridge-source`: its properties and what Genesys says about it.

Property names are those of Genesys's CX as Code module aws-event-bridge-module (`eventFilter`, not
`topicFilters`; `advanced` stays empty). Length and characters of the suffix follow the help page of the
integration: at most 64 letters, digits, `.`, `-`, `_`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gcbridge.sandbox.genesys.world import Source

TYPE_ID = "amazon-eventbridge-source"
TYPE_NAME = "Amazon EventBridge Source"

Topic = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class EventBridgeProperties(BaseModel):
    """The four properties, all needed before the integration can be enabled."""

    model_config = ConfigDict(extra="forbid", strict=True)

    eventSourceSuffix: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")  # noqa: N815
    awsAccountId: str = Field(pattern=r"^[0-9]{12}$")  # noqa: N815
    awsAccountRegion: str = Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[0-9]$")  # noqa: N815
    eventFilter: list[Topic]  # noqa: N815

    def source_for(self, org_id: str) -> Source:
        """The partner event source that AWS will be asked for."""
        name = f"aws.partner/genesys.com/cloud/{org_id}/{self.eventSourceSuffix}"
        return Source(name=name, account=self.awsAccountId, region=self.awsAccountRegion)


def property_problems(properties: dict[str, Any]) -> list[str]:
    """Everything wrong with the properties, one sentence each; empty when they are complete and valid."""
    try:
        EventBridgeProperties.model_validate(properties)
    except ValidationError as error:
        return [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
    return []


def type_document() -> dict[str, Any]:
    """The body of GET /api/v2/integrations/types/amazon-eventbridge-source."""
    uri = f"/api/v2/integrations/types/{TYPE_ID}"
    return {
        "id": TYPE_ID,
        "name": TYPE_NAME,
        "description": "Sends Genesys Cloud events to Amazon EventBridge as a partner event source.",
        "provider": "amazon-eventbridge",
        "category": "Data Streaming",
        "images": [],
        "configPropertiesSchemaUri": f"{uri}/configschemas/properties",
        "configAdvancedSchemaUri": f"{uri}/configschemas/advanced",
        "credentials": {},
        "nonInstallable": False,
        "userPermissions": [],
        "selfUri": uri,
    }


def schema_document(kind: str) -> dict[str, Any] | None:
    """The JSON schema of `properties` or `advanced`; None for any other kind."""
    if kind == "properties":
        return {
            "$schema": "http://json-schema.org/draft-04/schema#"
        } | EventBridgeProperties.model_json_schema()
    if kind == "advanced":
        return {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "properties": {}}
    return None
