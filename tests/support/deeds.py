"""Everything that administrators can change in the portal, one line each: what it writes to the audit log, and what
does the same without a browser.

The lines stand in an order in which they can be done one after another on an empty system.
"""

from dataclasses import dataclass, field
from typing import Any

CANARY = "canary-9d41c0"
"""Part of every secret that a deed sends."""

LATER = "2999-01-01T00:00:00Z"
NO_TRACE = None
"""The deed changes nothing."""
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
_DEPLOYMENT = {"provider": "openai", "litellm_model": "m", "api_base": "http://127.0.0.1:9", "api_key": f"sk-{CANARY}"}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A change by an administrator.

    Attributes:
        path: Of the portal's route below `/api/admin`; `{…}` as OpenAPI has them.
        otherwise: The route of the management API that does the same.
        trace: The entry in the audit log, as `<kind of subject> <action>`.
        names: `before`, `after`, both or neither: which sides the entry has.
        learn: What later deeds need of the answer, by their name for it: keys and indexes that lead there.
    """

    method: str
    path: str
    otherwise: str
    trace: str | None
    names: str = "after"
    body: Any = None
    learn: dict[str, tuple[str | int, ...]] = field(default_factory=dict)


def _deed(does: str, otherwise: str, trace: str | None, names: str = "after", body: Any = None, **learn: Any) -> Deed:
    method, path = does.split(" ")
    return Deed(method=method, path=path, otherwise=otherwise, trace=trace, names=names, body=body, learn=learn)


_BOTH, _BEFORE = "before after", "before"
_IDS: dict[str, Any] = {"ids": ["{key_id}"]}
_USERS: dict[str, Any] = {"ids": ["ana"]}

DEEDS = (
    _deed("POST /models/test", "/model/test", NO_TRACE, body={**_DEPLOYMENT, "public_name": "m"}),
    _deed("POST /models/discover", "/model/discover", NO_TRACE, body={"api_base": "http://127.0.0.1:9"}),
    _deed(
        "POST /models",
        "/model/new",
        "model add",
        body={**_DEPLOYMENT, "public_name": "m", "restricted": True},
        deployment_id=("deployments", 0, "id"),
        name=("name",),
    ),
    _deed(
        "POST /models/{name}/deployments",
        "/model/new",
        "model add",
        body={**_DEPLOYMENT, "litellm_model": "other"},
        second=("deployments", 1, "id"),
    ),
    _deed("PATCH /models/{name}", "/model/update", "model update", _BOTH, {"description": "Good at code"}),
    _deed("PUT /models/{name}/prices", "/model/prices", "model set_price", body={"request": "1"}),
    _deed(
        "PUT /models/{name}/prices",
        "/model/prices",
        "model set_price",
        _BOTH,
        {"request": "2", "effective_from": LATER},
    ),
    _deed("DELETE /models/{name}/prices/{effective_from}", "/model/prices/cancel", "model cancel_price", _BEFORE),
    _deed("PATCH /deployments/{deployment_id}", "/model/update", "model update", _BOTH, {"weight": 3}),
    _deed("POST /deployments/{deployment_id}/test", "/model/test", NO_TRACE),
    _deed("POST /budgets", "/budget/new", "budget create", body={"id": "students", "max_budget": "10"}),
    _deed("PATCH /budgets/{budget_id}", "/budget/update", "budget update", _BOTH, {"max_budget": "20"}),
    _deed("DELETE /budgets/{budget_id}", "/budget/delete", "budget delete", _BEFORE),
    _deed("POST /users", "/user/new", "user create", body={"id": "ben"}),
    _deed("PATCH /users/{user_id}", "/user/update", "user update", _BOTH, {"name": "Ana"}),
    _deed("PATCH /users/{user_id}", "/user/update", "user grant_role", _BOTH, {"role": "admin-readonly"}),
    _deed("POST /users/bulk", "/user/update", "user update", _BOTH, {**_USERS, "action": "block"}),
    _deed("POST /users/bulk", "/user/update", "user update", _BOTH, {**_USERS, "action": "unblock"}),
    _deed(
        "POST /users/bulk",
        "/user/update",
        "user update",
        _BOTH,
        {**_USERS, "action": "limits", "limits": {"max_budget": "5"}},
    ),
    _deed("POST /teams", "/team/new", "team create", body={"id": "blue", "name": "Blue"}),
    _deed("PATCH /teams/{team_id}", "/team/update", "team update", _BOTH, {"max_budget": "9"}),
    _deed("PUT /teams/{team_id}/members/{user_id}", "/team/member_add", "team add_member", body={}),
    _deed(
        "PUT /teams/{team_id}/members/{user_id}",
        "/team/member_update",
        "team change_member",
        _BOTH,
        {"role": "admin"},
    ),
    _deed("DELETE /teams/{team_id}/members/{user_id}", "/team/member_delete", "team remove_member", _BEFORE),
    _deed("POST /keys", "/key/generate", "key issue", body={"alias": "app", "user_id": "ana"}, key_id=("item", "id")),
    _deed("PATCH /keys/{key_id}", "/key/update", "key update", _BOTH, {"max_budget": "3"}),
    _deed("POST /keys/{key_id}/block", "/key/block", "key block", _BOTH),
    _deed("POST /keys/{key_id}/unblock", "/key/unblock", "key unblock", _BOTH),
    _deed("POST /keys/{key_id}/rotate", "/key/regenerate", "key rotate", _BOTH),
    _deed("POST /keys/bulk", "/key/block", "key block", _BOTH, {**_IDS, "action": "block"}),
    _deed("POST /keys/bulk", "/key/unblock", "key unblock", _BOTH, {**_IDS, "action": "unblock"}),
    _deed(
        "POST /access-requests/decide",
        "/access_request/decide",
        "access_request approved",
        _BOTH,
        {"ids": ["{request_id}"], "decision": "approve"},
    ),
    _deed(
        "POST /guardrails",
        "/guardrail/new",
        "guardrail add",
        body={"name": "m", "kind": "pattern", "patterns": ["abc"]},
    ),
    _deed("POST /guardrails/{name}/test", "/guardrail/test", NO_TRACE, body={"text": f"abc {CANARY}"}),
    _deed("PATCH /guardrails/{name}", "/guardrail/update", "guardrail update", _BOTH, {"action": "log"}),
    _deed("PUT /guardrails/{name}/bindings/{holder}/{subject_id}", "/guardrail/bind", "guardrail bind", _BOTH),
    _deed("DELETE /guardrails/{name}/bindings/{holder}/{subject_id}", "/guardrail/unbind", "guardrail unbind", _BOTH),
    _deed("DELETE /guardrails/{name}", "/guardrail/delete", "guardrail remove", _BEFORE),
    _deed(
        "POST /management-keys",
        "/management_key/issue",
        "management_key issue",
        body={"name": "ci", "scopes": ["keys:read"]},
        management_key_id=("item", "id"),
    ),
    _deed("DELETE /management-keys/{management_key_id}", "/management_key/revoke", "management_key revoke", _BEFORE),
    _deed(
        "POST /notice-channels",
        "/notice_channel/new",
        "notice channel add",
        body={"name": "m", "kind": "slack", "url": f"http://127.0.0.1:9/{CANARY}"},
    ),
    _deed("POST /notice-channels/{name}/test", "/notice_channel/test", "notice channel test", ""),
    _deed("DELETE /notice-channels/{name}", "/notice_channel/delete", "notice channel remove", _BEFORE),
    _deed("POST /banners", "/banner/new", "banner create", body={"content": {"en": "Hello"}}, banner_id=("id",)),
    _deed("PATCH /banners/{banner_id}", "/banner/update", "banner update", _BOTH, {"active": True}),
    _deed("DELETE /banners/{banner_id}", "/banner/delete", "banner delete", _BEFORE),
    _deed("PUT /settings/branding", "/settings/update", "setting update", _BOTH, {"login_title": "Models"}),
    _deed("PUT /settings/currency", "/settings/update", "setting update", _BOTH, {"currency": "EUR"}),
    _deed("PUT /settings/defaults", "/settings/update", "setting update", _BOTH, {"user": {"max_budget": "7"}}),
    _deed("PUT /settings/login", "/settings/update", "setting update", _BOTH, {"admin_groups": ["staff"]}),
    _deed("PUT /settings/branding/images/{kind}", "/settings/image/put", "branding_image update", body=_PNG),
    _deed("DELETE /settings/branding/images/{kind}", "/settings/image/delete", "branding_image delete", _BEFORE),
    _deed("DELETE /keys/{key_id}", "/key/delete", "key delete", _BEFORE),
    _deed("DELETE /teams/{team_id}", "/team/delete", "team delete", _BEFORE),
    _deed("DELETE /users/{user_id}", "/user/delete", "user delete", _BEFORE),
    _deed("DELETE /deployments/{second}", "/model/delete", "model delete", _BEFORE),
    _deed("DELETE /models/{name}", "/model/delete", "model delete", _BEFORE),
)
