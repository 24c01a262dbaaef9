"""The Genesys Cloud room: the only one that imports PureCloudPlatformClientV2, and only when it is needed."""

from gcbridge.genesys.causes.caused import Caused
from gcbridge.genesys.causes.integration_notes import cause_integration_notes
from gcbridge.genesys.causes.oauth_client import cause_oauth_client
from gcbridge.genesys.causes.presence import cause_presence
from gcbridge.genesys.causes.restoring import restore_leftovers
from gcbridge.genesys.client import GenesysCloud, open_genesys
from gcbridge.genesys.credentials import GenesysCredentials, credentials_from
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.observing import OrganizationObservation
from gcbridge.genesys.sdk import prefetch
from gcbridge.genesys.transport import Patience
from gcbridge.genesys.waits import wait_for_integration

__all__ = [
    "Caused",
    "GenesysCloud",
    "GenesysCredentials",
    "GenesysRefusedError",
    "OrganizationObservation",
    "Patience",
    "cause_integration_notes",
    "cause_oauth_client",
    "cause_presence",
    "credentials_from",
    "open_genesys",
    "prefetch",
    "restore_leftovers",
    "wait_for_integration",
]
