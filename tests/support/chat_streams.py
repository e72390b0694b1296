"""Chats as model servers stream them: what was said, and the same cut in any way that servers cut it."""

import json
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

from support.upstream import chunk, events


@dataclass
class Said:
    """What a model says in a chat, and the chunks that say it."""

    thought: str
    text: str
    calls: dict[int, tuple[str, str, dict]]  # id, name, arguments, by index
    chunks: list[dict]


def delta(finish_reason: str | None = None, **fields: object) -> dict:
    return chunk() | {"choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}]}


def _cut(draw, text: str) -> list[str]:
    borders = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    return [text[start:end] for start, end in pairwise([0, *borders, len(text)])]


names = st.text("abcdefgh_", min_size=1, max_size=6)
arguments = st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=6) | st.none(), max_size=3)


@st.composite
def chats(draw) -> Said:
    """Thoughts, then text, then calls whose parts come in any order, each call's own kept."""
    thought, text = draw(st.text(max_size=12)), draw(st.text(max_size=12))
    calls = {index: (f"call_{index}", draw(names), draw(arguments)) for index in range(draw(st.integers(0, 3)))}
    parts: list[list[dict]] = []
    for index, (call_id, name, given) in calls.items():
        first, *others = _cut(draw, json.dumps(given))
        begun = {"index": index, "id": call_id, "type": "function", "function": {"name": name, "arguments": first}}
        parts.append([begun, *({"index": index, "function": {"arguments": piece}} for piece in others)])
    chunks = [delta(role="assistant", content="")]
    chunks += [delta(reasoning_content=piece) for piece in _cut(draw, thought)]
    chunks += [delta(content=piece) for piece in _cut(draw, text)]
    while any(parts):
        turn = draw(st.sampled_from([position for position, left in enumerate(parts) if left]))
        chunks.append(delta(tool_calls=[parts[turn].pop(0)]))
    chunks.append(delta("tool_calls" if calls else "stop"))
    return Said(thought, text, calls, chunks)


cuts = st.lists(st.integers(0, 4000), max_size=10)


def pieces(chunks: list[dict], at: list[int]) -> list[bytes]:
    """The stream of `chunks`, cut into pieces."""
    data = events(*chunks)
    borders = [0, *sorted(cut % (len(data) + 1) for cut in at), len(data)]
    return [data[start:end] for start, end in pairwise(borders)]


def told(data: bytes) -> list[dict]:
    """The events in what a client gets; each one's name must be its type."""
    result = []
    for event in data.decode().split("\n\n"):
        if event:
            name, _, content = event.partition("\n")
            fields = json.loads(content.removeprefix("data: "))
            assert name == f"event: {fields['type']}"
            result.append(fields)
    return result
