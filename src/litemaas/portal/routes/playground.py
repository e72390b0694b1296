"""`/api/playground`: chatting with granted models, without a key in the browser."""

from fastapi import Request, Response

from litemaas.portal.caller import Caller, ThePortal
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router

router = portal_router("playground")


@router.post("/playground/chat", response_class=Response, openapi_extra=needs(Permission.PLAYGROUND_USE))
async def chat(portal: ThePortal, caller: Caller, request: Request) -> Response:
    """An OpenAI chat request with the caller's own rights, metered and settled like any call.

    A stream ends with the event `litemaas`: tokens, cost, and how long it took.
    """
    return await portal.playground(caller.user_id, request)
