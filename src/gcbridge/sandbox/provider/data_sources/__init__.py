"""Every data source the stand-in knows, one file each."""

from gcbridge.sandbox.provider.data_sources.flow import FlowByName
from gcbridge.sandbox.provider.data_sources.integration import IntegrationByName
from gcbridge.sandbox.provider.data_sources.organizations_me import OrganizationsMe
from gcbridge.sandbox.provider.data_sources.processautomation_trigger import TriggerByName
from gcbridge.sandbox.provider.resource import DataSource

DATA_SOURCES: tuple[DataSource, ...] = (
    FlowByName(),
    IntegrationByName(),
    OrganizationsMe(),
    TriggerByName(),
)
