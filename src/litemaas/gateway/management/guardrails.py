"""`/guardrail/*`: what may not be said to a model, or by one, and whose calls are guarded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from msgspec import Struct
from pydantic import Field

from litemaas.bootstrap import Platform
from litemaas.domain.guardrails.entities import Action, Binding, Guardrail, Holder, Kind, Side
from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.texts import hash_of
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import ManagementRequest, Name, Text
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["guardrails"], route_class=ManagementRoute)

_LONGEST_PATTERN = 2000
_MOST = 50
_LONGEST_TEXT = 100_000


class GuardrailFields(ManagementRequest):
    """What of a guardrail can change; what is left out stays."""

    action: Action | None = Field(default=None, description="block (default), mask or log")
    sides: list[Side] | None = Field(default=None, description="input, output or both; default: both")
    patterns: Annotated[list[Annotated[str, Field(max_length=_LONGEST_PATTERN)]], Field(max_length=_MOST)] | None = (
        Field(default=None, description="Regular expressions in RE2's syntax, of kind pattern")
    )
    entities: Annotated[list[Name], Field(max_length=_MOST)] | None = Field(
        default=None, description="Personal data to look for, e.g. EMAIL_ADDRESS; left out: the usual"
    )
    for_all: bool | None = Field(default=None, description="Guard all calls, whatever it is bound to; default: false")

    def patch(self) -> dict[str, Any]:
        """What the client sent."""
        return self.given({name: name for name in GuardrailFields.model_fields})


class NewGuardrail(GuardrailFields):
    """Body of `/guardrail/new`."""

    name: Name
    kind: Kind


class UpdateGuardrail(GuardrailFields):
    """Body of `/guardrail/update`."""

    name: Name


class NameGuardrail(ManagementRequest):
    """Body of `/guardrail/delete`."""

    name: Name


class TestGuardrail(ManagementRequest):
    """Body of `/guardrail/test`."""

    name: Name
    text: Annotated[str, Field(max_length=_LONGEST_TEXT)]


class BindGuardrail(ManagementRequest):
    """Body of `/guardrail/bind` and `/guardrail/unbind`."""

    name: Name
    holder: Holder
    id: Text = Field(description="Of a key its text, hash or alias, of a team its id, of a model its public name")

    def named(self) -> str:
        """What the domain knows the holder by: a key never by its text."""
        return hash_of(self.id) if self.holder is Holder.KEY and self.id.startswith("sk-") else self.id


class BindingRow(Struct, kw_only=True):
    """Whose calls are guarded; `key_hash` and `key_alias` of a key that there is."""

    holder: Holder
    id: str
    key_hash: str | None = None
    key_alias: str | None = None


class GuardrailRow(Struct, kw_only=True):
    """A guardrail."""

    id: UUID
    name: str
    kind: Kind
    action: Action
    sides: list[Side]
    patterns: list[str]
    entities: list[str]
    for_all: bool
    bindings: list[BindingRow]
    created_at: datetime
    created_by: str | None
    updated_at: datetime


class GuardrailRows(Struct):
    """Answer of `/guardrail/list`."""

    guardrails: list[GuardrailRow]


class FindingRow(Struct):
    """Where something was found, in characters: from `start` to before `end`."""

    kind: str
    start: int
    end: int


class TrialRow(Struct):
    """Answer of `/guardrail/test`; `masked` is the text as a guardrail that masks lets it pass."""

    findings: list[FindingRow]
    masked: str


@router.post("/guardrail/new", responses=answers(GuardrailRow))
async def new_guardrail(platform: AnyPlatform, actor: Administrator, body: NewGuardrail) -> Response:
    """Add a guardrail. It guards nobody until it is bound, unless it is for all."""
    return await _told(platform, await platform.guardrails.add(actor, body.name, body.kind, body.patch()))


@router.post("/guardrail/update", responses=answers(GuardrailRow))
async def update_guardrail(platform: AnyPlatform, actor: Administrator, body: UpdateGuardrail) -> Response:
    """Change a guardrail; what is left out stays."""
    return await _told(platform, await platform.guardrails.update(actor, body.name, body.patch()))


@router.get("/guardrail/list", dependencies=ADMINISTRATORS_ONLY, responses=answers(GuardrailRows))
async def list_guardrails(platform: AnyPlatform) -> Response:
    """All guardrails."""
    guardrails = await platform.guardrails.all()
    keys = await platform.guardrails.bound_keys(guardrails)
    return render(GuardrailRows([_row(guardrail, keys) for guardrail in guardrails]))


@router.post("/guardrail/test", dependencies=ADMINISTRATORS_ONLY, responses=answers(TrialRow))
async def test_guardrail(platform: AnyPlatform, body: TestGuardrail) -> Response:
    """Tell what a guardrail finds in a text, which is not kept."""
    trial = await platform.guardrails.test(body.name, body.text)
    return render(TrialRow([FindingRow(*finding) for finding in trial.findings], trial.masked))


@router.post("/guardrail/bind", responses=answers(GuardrailRow))
async def bind_guardrail(platform: AnyPlatform, actor: Administrator, body: BindGuardrail) -> Response:
    """Have a guardrail guard the calls of a key or team, or to a model."""
    return await _told(platform, await platform.guardrails.bind(actor, body.name, body.holder, body.named()))


@router.post("/guardrail/unbind", responses=answers(GuardrailRow))
async def unbind_guardrail(platform: AnyPlatform, actor: Administrator, body: BindGuardrail) -> Response:
    """Undo a binding."""
    return await _told(platform, await platform.guardrails.unbind(actor, body.name, body.holder, body.named()))


@router.post("/guardrail/delete", responses=answers(GuardrailRow))
async def delete_guardrail(platform: AnyPlatform, actor: Administrator, body: NameGuardrail) -> Response:
    """Remove a guardrail; what it kept from passing passes then."""
    return await _told(platform, await platform.guardrails.remove(actor, body.name))


async def _told(platform: Platform, guardrail: Guardrail) -> Response:
    return render(_row(guardrail, await platform.guardrails.bound_keys([guardrail])))


def _binding(binding: Binding, keys: Mapping[str, Key]) -> BindingRow:
    key = keys.get(binding.id) if binding.holder is Holder.KEY else None
    if key is None:
        return BindingRow(holder=binding.holder, id=binding.id)
    return BindingRow(holder=binding.holder, id=binding.id, key_hash=key.key_hash, key_alias=key.alias)


def _row(guardrail: Guardrail, keys: Mapping[str, Key]) -> GuardrailRow:
    return GuardrailRow(
        id=guardrail.id,
        name=guardrail.name,
        kind=guardrail.kind,
        action=guardrail.action,
        sides=list(guardrail.sides),
        patterns=list(guardrail.patterns),
        entities=list(guardrail.entities),
        for_all=guardrail.for_all,
        bindings=[_binding(one, keys) for one in guardrail.bindings],
        created_at=guardrail.created_at,
        created_by=guardrail.created_by,
        updated_at=guardrail.updated_at,
    )
