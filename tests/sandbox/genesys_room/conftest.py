"""The real SDK against a server that answers as each test tells it."""

import pytest
from scripted_genesys import serve_scripted_genesys

from gcbridge.genesys import GenesysCredentials, Patience, open_genesys
from gcbridge.model.bridge import Organization

OAUTH_CLIENT = GenesysCredentials(client_id="client-1", client_secret="hush-hush")
QUICK = Patience(connect_seconds=1, read_seconds=1, pause_seconds=0.01)


@pytest.fixture
def scripted():
    """A server that knows the login and nothing else."""
    with serve_scripted_genesys() as genesys:
        yield genesys


@pytest.fixture
def open_room():
    """Opens the room towards a base URL, closes it after the test."""
    opened = []

    def open_one(base_url, credentials=OAUTH_CLIENT, patience=QUICK):
        organization = Organization(org_id="unused", region="eu-central-1", base_url=base_url)
        opened.append(open_genesys(organization, credentials, patience=patience))
        return opened[-1]

    yield open_one
    for genesys in opened:
        genesys.close()


@pytest.fixture
def room(open_room, scripted):
    """The room, open towards the scripted server."""
    return open_room(scripted.url)
