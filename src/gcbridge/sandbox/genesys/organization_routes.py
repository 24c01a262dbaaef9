"""What a client reads first: the organization and its products."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.cloud import cloud_of

_PRODUCTS = ("collaborateFree", "communicate", "engage3", "genesysCloud")


async def get_organization(request: Request) -> Response:
    """GET /api/v2/organizations/me; the Terraform provider needs `defaultCountryCode`."""
    return JSONResponse(
        {
            "id": cloud_of(request).world.org_id,
            "name": "gcbridge sandbox",
            "defaultLanguage": "en-us",
            "defaultCountryCode": "US",
            "thirdPartyOrgName": "gcbridge-sandbox",
            "domain": "gcbridge-sandbox",
            "version": 1,
            "state": "active",
            "voicemailEnabled": False,
            "productPlatform": "GenesysCloud",
            "features": {},
            "selfUri": "/api/v2/organizations/me",
        }
    )


async def get_products(request: Request) -> Response:
    """GET /api/v2/authorization/products; the provider needs `total` and every `id`."""
    del request
    entities = [{"id": product} for product in _PRODUCTS]
    return JSONResponse(
        {"entities": entities, "total": len(entities), "selfUri": "/api/v2/authorization/products"}
    )


ROUTES = [
    Route("/api/v2/organizations/me", get_organization),
    Route("/api/v2/authorization/products", get_products),
]
