"""Guardrails as administrators handle them: adding, changing, trying, binding and removing them."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.catalog.rows import find_group
from litemaas.domain.guardrails import store
from litemaas.domain.guardrails.detectors import detector_of
from litemaas.domain.guardrails.entities import Action, Binding, Guardrail, Holder, Kind, Side
from litemaas.domain.guardrails.errors import GuardrailRefusedError
from litemaas.domain.guardrails.findings import Finding
from litemaas.domain.guardrails.masking import masked
from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.rows import find_key, keys_of_ids
from litemaas.domain.keys.texts import is_hash
from litemaas.domain.teams.rows import find_team
from litemaas.storage.postgres import Connection, Pool

_KIND = "guardrail"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NEITHER = "A guardrail of this kind has no {}."


class Trial(Struct, frozen=True):
    """What a guardrail says of a text.

    Attributes:
        findings: Where in the text.
        masked: The text as a guardrail that masks lets it pass.
    """

    findings: list[Finding]
    masked: str


class GuardrailService:
    """Guardrails."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def all(self) -> Sequence[Guardrail]:
        """All guardrails, by name."""
        async with self._pool.acquire() as connection:
            return await store.load_guardrails(connection)

    async def add(self, actor: Actor, name: str, kind: Kind, patch: Patch) -> Guardrail:
        """Add a guardrail.

        Raises:
            GuardrailRefusedError: It could not do what it promises, here at least.
            GuardrailExistsError: The name is taken.
        """
        if not _NAME.fullmatch(name):
            raise GuardrailRefusedError(
                "A name has 1 to 64 lower-case letters, digits, hyphens and underscores.", param="name"
            )
        moment = datetime.now(UTC)
        draft = Guardrail(
            id=uuid4(),
            name=name,
            kind=kind,
            action=Action.BLOCK,
            sides=(Side.INPUT, Side.OUTPUT),
            created_at=moment,
            created_by=actor.name,
            updated_at=moment,
        )
        guardrail = _patched(draft, patch)
        await _check(guardrail)
        async with self._pool.acquire() as connection, connection.transaction():
            await store.add_guardrail(connection, guardrail)
            await record(connection, actor, "add", _KIND, name, after=_told(guardrail))
        return guardrail

    async def update(self, actor: Actor, name: str, patch: Patch) -> Guardrail:
        """Change a guardrail; what is left out stays.

        Raises:
            GuardrailNotFoundError: There is none of this name.
            GuardrailRefusedError: It could not do what it promises, here at least.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.find_guardrail(connection, name)
            after = _patched(before, patch)
            await _check(after)
            return await _save(connection, actor, "update", before, after)

    async def bind(self, actor: Actor, name: str, holder: Holder, named: str) -> Guardrail:
        """Have a guardrail guard the calls of a key, a team, or to a model.

        Args:
            actor: Who asks.
            name: The guardrail's.
            holder: Whose calls.
            named: A key's hash or alias, a team's id or a model's public name.

        Raises:
            GuardrailNotFoundError: There is none of this name.
            NotFoundError: There is no such key or team.
            GuardrailRefusedError: There is no such model.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.find_guardrail(connection, name)
            binding = await _binding(connection, holder, named)
            after = replace(before, bindings=tuple(sorted({*before.bindings, binding})))
            return await _save(connection, actor, "bind", before, after)

    async def unbind(self, actor: Actor, name: str, holder: Holder, named: str) -> Guardrail:
        """Undo a binding, also one to something that is gone; `named` as for `bind`, or what `all` tells as its id.

        Raises:
            GuardrailNotFoundError: There is none of this name.
            GuardrailRefusedError: It is not bound so.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.find_guardrail(connection, name)
            binding = Binding(holder, named)
            if binding not in before.bindings and holder is Holder.KEY:
                binding = await _binding(connection, holder, named)
            if binding not in before.bindings:
                raise GuardrailRefusedError(f"{name!r} is not bound to the {holder} {named!r}.", param="id")
            after = replace(before, bindings=tuple(one for one in before.bindings if one != binding))
            return await _save(connection, actor, "unbind", before, after)

    async def remove(self, actor: Actor, name: str) -> Guardrail:
        """Remove a guardrail; what it kept from passing passes then.

        Raises:
            GuardrailNotFoundError: There is none of this name.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            guardrail = await store.find_guardrail(connection, name)
            await store.delete_guardrail(connection, guardrail)
            await record(connection, actor, "remove", _KIND, name, before=_told(guardrail))
        return guardrail

    async def bound_keys(self, guardrails: Iterable[Guardrail]) -> Mapping[str, Key]:
        """The keys that guardrails are bound to, by id; those that are gone are left out."""
        ids = {UUID(one.id) for guardrail in guardrails for one in guardrail.bindings if one.holder is Holder.KEY}
        if not ids:
            return {}
        async with self._pool.acquire() as connection:
            return {str(key.id): key for key in await keys_of_ids(connection, ids)}

    async def test(self, name: str, text: str) -> Trial:
        """What a guardrail finds in a text; neither is kept.

        Raises:
            GuardrailNotFoundError: There is none of this name.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            guardrail = await store.find_guardrail(connection, name)
        return await asyncio.to_thread(_try, guardrail, text)


def _try(guardrail: Guardrail, text: str) -> Trial:
    findings: list[Finding] = []

    def found(finding: Finding) -> str:
        findings.append(finding)
        return f"[{finding.kind}]"

    return Trial(findings, masked(text, detector_of(guardrail), found))


def _patched(guardrail: Guardrail, patch: Patch) -> Guardrail:
    """Change what is not None: a guardrail has nothing that could be cleared."""
    given = {name: value for name, value in patch.items() if value is not None}
    return apply_patch(
        guardrail, {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    )


async def _check(guardrail: Guardrail) -> None:
    """Refuse what cannot be kept; here, not at the first call that should have been guarded."""
    if not guardrail.sides:
        raise GuardrailRefusedError("Name input, output or both: else nothing would be looked at.", param="sides")
    if guardrail.patterns and guardrail.kind is not Kind.PATTERN:
        raise GuardrailRefusedError(_NEITHER.format("patterns"), param="patterns")
    if guardrail.entities and guardrail.kind is not Kind.PERSONAL_DATA:
        raise GuardrailRefusedError(_NEITHER.format("entities"), param="entities")
    await asyncio.to_thread(detector_of, guardrail)


async def _binding(connection: Connection, holder: Holder, named: str) -> Binding:
    match holder:
        case Holder.KEY:
            key_hash, alias = (named, None) if is_hash(named) else (None, named)
            return Binding(holder, str((await find_key(connection, key_hash=key_hash, alias=alias)).id))
        case Holder.TEAM:
            return Binding(holder, (await find_team(connection, named)).id)
        case Holder.MODEL:
            if await find_group(connection, named) is None:
                raise GuardrailRefusedError(f"There is no model {named!r}.", param="id")
            return Binding(holder, named)


async def _save(connection: Connection, actor: Actor, action: str, before: Guardrail, after: Guardrail) -> Guardrail:
    after = replace(after, updated_at=datetime.now(UTC))
    await store.save_guardrail(connection, after)
    await record(connection, actor, action, _KIND, after.name, before=_told(before), after=_told(after))
    return after


def _told(guardrail: Guardrail) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(guardrail)
    return {name: told[name] for name in ("kind", "action", "sides", "patterns", "entities", "for_all", "bindings")}
