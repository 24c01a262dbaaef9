"""data.genesyscloud_organizations_me: the organization the credentials belong to."""

from __future__ import annotations

from gcbridge.sandbox.provider.api import GenesysApi, explaining
from gcbridge.sandbox.provider.resource import DataSource, State
from gcbridge.sandbox.provider.schema import BOOL, IMPLICIT_ID, STRING, Attribute, Block
from gcbridge.sandbox.provider.wire import Value

TYPE_NAME = "genesyscloud_organizations_me"

_API_FIELDS = {
    "name": "name",
    "domain": "domain",
    "default_country_code": "defaultCountryCode",
    "default_language": "defaultLanguage",
    "default_site_id": "defaultSiteId",
    "product_platform": "productPlatform",
    "support_uri": "supportURI",
    "third_party_org_name": "thirdPartyOrgName",
    "voicemail_enabled": "voicemailEnabled",
}


def _attribute(name: str) -> Attribute:
    return Attribute(BOOL if name == "voicemail_enabled" else STRING, optional=True, computed=True)


class OrganizationsMe(DataSource):
    """The organization's id, which is part of every partner event source name, and what else it tells."""

    type_name = TYPE_NAME
    body = Block({"id": IMPLICIT_ID} | {name: _attribute(name) for name in _API_FIELDS})

    def read(self, api: GenesysApi, config: State) -> dict[str, Value]:  # noqa: ARG002
        """Needs no permission beyond a valid token."""
        with explaining(TYPE_NAME, "Error requesting organization"):
            organization = api.call("GET", "/api/v2/organizations/me")
        values = {name: organization.get(field) for name, field in _API_FIELDS.items()}
        return {"id": organization["id"], **values}
