"""Puts the portal onto an application: `/api`, and the web UI under `/ui/`."""

from fastapi import FastAPI

from litemaas.bootstrap import Platform
from litemaas.portal.portal import Playground, Portal, open_portal
from litemaas.portal.routes import (
    access,
    admin_audit,
    admin_budgets,
    admin_guardrails,
    admin_keys,
    admin_management_keys,
    admin_models,
    admin_notices,
    admin_openshift_ai,
    admin_overview,
    admin_settings,
    admin_users,
    banners,
    catalogue,
    keys,
    labels,
    login,
    me,
    playground,
    session,
    teams,
    usage,
)
from litemaas.portal.static import WebUi, web_folder

API = "/api"
ROUTERS = (
    session.router,
    login.router,
    me.router,
    catalogue.router,
    access.router,
    keys.router,
    usage.own_router,
    playground.router,
    teams.router,
    usage.team_router,
    banners.router,
    admin_overview.router,
    admin_models.router,
    admin_openshift_ai.router,
    admin_keys.router,
    admin_users.router,
    admin_budgets.router,
    usage.admin_router,
    labels.router,
    admin_audit.router,
    admin_settings.router,
    admin_guardrails.router,
    admin_management_keys.router,
    admin_notices.router,
)


def add_portal(app: FastAPI, platform: Platform, answer_chat: Playground) -> Portal:
    """Serve the portal on `app`, whose exception handlers answer for its errors.

    Args:
        app: The gateway's application, or any with handlers for the domain's errors.
        platform: What `bootstrap` has opened.
        answer_chat: Answers chats of people who are logged in.

    Raises:
        SettingsError: An identity provider is not set up right.
        UnguardedRouteError: A route declares no permission.
    """
    portal = app.state.portal = open_portal(platform, answer_chat)
    for router in ROUTERS:
        app.include_router(router, prefix=API)
    app.router.routes.extend(WebUi(web_folder(platform.settings.portal)).routes())
    return portal
