"""`/api/admin/guardrails`: what may not be said to a model, or by one, and whose calls are guarded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from litemaas.domain.administration.guardrails import Trial
from litemaas.domain.errors import NotFoundError
from litemaas.domain.guardrails.entities import Action, Binding, Guardrail, Holder, Kind, Side
from litemaas.domain.keys.entities import Key
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import Name, Order
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: guardrails")

_NO_CONTENT = 204
_BINDING = "/admin/guardrails/{name}/bindings/{holder}/{subject_id:path}"
_WRITE = needs(Permission.GUARDRAILS_WRITE)

Pattern = Annotated[str, Field(min_length=1, max_length=2000)]


class GuardrailOrder(Order):
    """What can be said about a guardrail; absent: as it is, or as it is by default."""

    action: Action | None = None
    sides: Annotated[list[Side], Field(min_length=1)] | None = None
    patterns: Annotated[list[Pattern], Field(max_length=50)] | None = None
    entities: Annotated[list[Name], Field(max_length=50)] | None = None
    for_all: bool | None = None

    def patch(self) -> dict[str, Any]:
        """What the domain is to change."""
        return self.given(*GuardrailOrder.model_fields)


class NewGuardrail(GuardrailOrder):
    """A guardrail to be added."""

    name: Name
    kind: Kind


class GuardedSubject(BaseModel):
    """A key, a team or a model whose calls are guarded."""

    holder: Holder
    id: str
    name: str


class GuardrailView(BaseModel):
    """A guardrail, and whose calls it guards."""

    name: str
    kind: Kind
    action: Action
    sides: list[Side]
    patterns: list[str]
    entities: list[str]
    for_all: bool
    bindings: list[GuardedSubject]
    created_at: datetime
    created_by: str | None


class Guardrails(BaseModel):
    """All guardrails, by name."""

    items: list[GuardrailView]


class TrialText(Order):
    """A text to try a guardrail on; it is not kept."""

    text: Annotated[str, Field(max_length=100_000)]


class Finding(BaseModel):
    """What was found, from which character of the text to before which."""

    kind: str
    start: int
    end: int


class TrialReport(BaseModel):
    """What a guardrail finds in a text, and the text as one that masks lets it pass."""

    findings: list[Finding]
    masked: str


@router.get("/admin/guardrails", openapi_extra=needs(Permission.GUARDRAILS_READ))
async def list_guardrails(portal: ThePortal) -> Guardrails:
    """All guardrails."""
    guardrails = await portal.platform.guardrails.all()
    keys = await portal.platform.guardrails.bound_keys(guardrails)
    return Guardrails(items=[_view(portal, guardrail, keys) for guardrail in guardrails])


@router.post("/admin/guardrails", openapi_extra=_WRITE)
async def add_guardrail(portal: ThePortal, actor: Acting, body: NewGuardrail) -> GuardrailView:
    """Add a guardrail. It guards nobody until it is bound, unless it is for all."""
    return await _told(portal, await portal.platform.guardrails.add(actor, body.name, body.kind, body.patch()))


@router.patch("/admin/guardrails/{name}", openapi_extra=_WRITE)
async def change_guardrail(portal: ThePortal, actor: Acting, name: str, body: GuardrailOrder) -> GuardrailView:
    """Change a guardrail."""
    return await _told(portal, await portal.platform.guardrails.update(actor, name, body.patch()))


@router.delete("/admin/guardrails/{name}", status_code=_NO_CONTENT, openapi_extra=_WRITE)
async def remove_guardrail(portal: ThePortal, actor: Acting, name: str) -> None:
    """Remove a guardrail; what it kept from passing passes then."""
    await portal.platform.guardrails.remove(actor, name)


@router.post("/admin/guardrails/{name}/test", openapi_extra=_WRITE)
async def try_guardrail(portal: ThePortal, name: str, body: TrialText) -> TrialReport:
    """Tell what a guardrail finds in a text."""
    return _report(await portal.platform.guardrails.test(name, body.text))


@router.put(_BINDING, openapi_extra=_WRITE)
async def bind_guardrail(portal: ThePortal, actor: Acting, name: str, holder: Holder, subject_id: str) -> GuardrailView:
    """Guard the calls of a key or team, or to a model."""
    named = (await portal.key_views.find(_key_id(subject_id))).key_hash if holder is Holder.KEY else subject_id
    return await _told(portal, await portal.platform.guardrails.bind(actor, name, holder, named))


@router.delete(_BINDING, openapi_extra=_WRITE)
async def unbind_guardrail(
    portal: ThePortal, actor: Acting, name: str, holder: Holder, subject_id: str
) -> GuardrailView:
    """Guard them no longer."""
    return await _told(portal, await portal.platform.guardrails.unbind(actor, name, holder, subject_id))


async def _told(portal: Portal, guardrail: Guardrail) -> GuardrailView:
    return _view(portal, guardrail, await portal.platform.guardrails.bound_keys([guardrail]))


def _view(portal: Portal, guardrail: Guardrail, keys: Mapping[str, Key]) -> GuardrailView:
    return GuardrailView(
        name=guardrail.name,
        kind=guardrail.kind,
        action=guardrail.action,
        sides=list(guardrail.sides),
        patterns=list(guardrail.patterns),
        entities=list(guardrail.entities),
        for_all=guardrail.for_all,
        bindings=[
            GuardedSubject(holder=one.holder, id=one.id, name=_name(portal, one, keys)) for one in guardrail.bindings
        ],
        created_at=guardrail.created_at,
        created_by=guardrail.created_by,
    )


def _name(portal: Portal, binding: Binding, keys: Mapping[str, Key]) -> str:
    """What people call whom a guardrail is bound to; the id, if it is gone."""
    if binding.holder is Holder.TEAM:
        team = portal.platform.snapshot.teams.get(binding.id)
        return (team.alias if team else None) or binding.id
    key = keys.get(binding.id) if binding.holder is Holder.KEY else None
    return binding.id if key is None else key.alias or f"…{key.key_hint}"


def _key_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError("There is no such key.", param="id") from error


def _report(trial: Trial) -> TrialReport:
    findings = [Finding(kind=one.kind, start=one.start, end=one.end) for one in trial.findings]
    return TrialReport(findings=findings, masked=trial.masked)
