"""What tests of guardrails have in common: guardrails by plain SQL, secrets, and what streams say."""

import json
from uuid import uuid4

from support.gateway import InProcess
from support.rows import Rows

SECRET = "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"
"""An example of GitHub's own, with a right checksum; it opens nothing."""


async def guard(gateway: InProcess, model: str, **fields: object) -> str:
    """Bind a new guardrail to a model, in force at once; returns its name."""
    name = await add_guardrail(gateway.rows, model, **fields)
    await gateway.platform.snapshot.catch_up()
    return name


async def add_guardrail(rows: Rows, model: str, **fields: object) -> str:
    """Bind a new guardrail to a model. Add a key afterwards, of which the gateway learns later."""
    name = f"guard-{uuid4().hex[:8]}"
    fields = {"kind": "secrets", "action": "mask", "sides": ["input", "output"]} | fields
    bindings = fields.pop("bindings", [{"holder": "model", "id": model}])
    columns = ("id", "name", "bindings", *fields)
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await rows.connection.execute(
        f"INSERT INTO guardrails ({', '.join(columns)}) VALUES ({places})",
        uuid4(),
        name,
        json.dumps(bindings),
        *fields.values(),
    )
    return name


def told(stream: bytes) -> list[dict]:
    """The events of a stream."""
    lines = (line.removeprefix(b"data: ") for line in stream.split(b"\n") if line.startswith(b"data: "))
    return [json.loads(line) for line in lines if line != b"[DONE]"]


def content(stream: bytes) -> str:
    """What a chat's stream says."""
    choices = [choice for event in told(stream) for choice in event.get("choices", ())]
    return "".join(choice["delta"].get("content") or "" for choice in choices)
