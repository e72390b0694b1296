from datetime import UTC, datetime
from uuid import uuid4

import pytest

from litemaas.domain.guardrails.entities import Action, Binding, Guardrail, Holder, Kind, Side

NOW = datetime.now(UTC)


def guardrail(*bindings: Binding, for_all: bool = False) -> Guardrail:
    return Guardrail(
        id=uuid4(),
        name="x",
        kind=Kind.SECRETS,
        action=Action.BLOCK,
        sides=(Side.INPUT,),
        bindings=bindings,
        for_all=for_all,
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize(
    ("binding", "guarded"),
    [
        (Binding(Holder.KEY, "k"), True),
        (Binding(Holder.TEAM, "t"), True),
        (Binding(Holder.MODEL, "m"), True),
        (Binding(Holder.MODEL, "fallback"), True),
        (Binding(Holder.KEY, "t"), False),
        (Binding(Holder.TEAM, "k"), False),
    ],
)
def test_a_guardrail_guards_whom_it_is_bound_to(binding, guarded):
    assert guardrail(binding).guards("k", "t", ["m", "fallback"]) is guarded


def test_a_guardrail_for_all_guards_also_who_has_no_key():
    assert guardrail(for_all=True).guards(None, None, ["m"])
    assert not guardrail().guards(None, None, ["m"])
