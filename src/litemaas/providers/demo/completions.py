"""`POST /v1/chat/completions` and `POST /v1/completions`: one flow, two shapes.

Choices (`n`, or several prompts) are generated one after the other, each with a place of its own in the model's queue.
Nothing is sent before the first text is there, so that a prompt which is too long is still answered with a status of
400.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from litemaas.providers.demo import CHAT_MODEL
from litemaas.providers.demo.chat_model import ChatModel, Ending
from litemaas.providers.demo.event_stream import EventStream
from litemaas.providers.demo.requests import ChatRequest, CompletionRequest, read
from litemaas.providers.demo.shapes import ChatShape, Envelope, Shape, TextShape, usage


class _Piece(NamedTuple):
    """A part of one choice's answer: some text, or its end."""

    choice: int
    content: str | Ending


_Pieces = AsyncGenerator[_Piece, None]


class CompletionEndpoints:
    """The two endpoints over one model."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    async def chat(self, request: Request) -> ASGIApp:
        """Answer a chat."""
        body = read(await request.body(), ChatRequest, CHAT_MODEL)
        # The prompt ends in "Assistant:", so the answer begins with a space that is no part of it.
        return await _respond(body, ChatShape(), self._generate(body, trim=True))

    async def text(self, request: Request) -> ASGIApp:
        """Continue texts."""
        body = read(await request.body(), CompletionRequest, CHAT_MODEL)
        return await _respond(body, TextShape(), self._generate(body, trim=False))

    async def _generate(self, body: ChatRequest | CompletionRequest, *, trim: bool) -> _Pieces:
        prompts = [prompt for prompt in body.prompts for _ in range(body.choices_per_prompt)]
        for choice, prompt in enumerate(prompts):
            begun = not trim
            async with aclosing(self._model.generate(prompt, body.sampling(choice))) as contents:
                async for content in contents:
                    trimmed = content.lstrip() if isinstance(content, str) and not begun else content
                    begun = begun or bool(trimmed)
                    if trimmed:
                        yield _Piece(choice, trimmed)


async def _respond(body: ChatRequest | CompletionRequest, shape: Shape, pieces: _Pieces) -> ASGIApp:
    if body.stream:
        first = await anext(pieces)
        return EventStream(_chunks(body, shape, first, pieces))
    texts: dict[int, str] = {}
    endings: list[Ending] = []
    async with aclosing(pieces):
        async for choice, content in pieces:
            if isinstance(content, Ending):
                endings.append(content)
            else:
                texts[choice] = texts.get(choice, "") + content
    choices = [shape.whole(index, texts.get(index, ""), ending.reason) for index, ending in enumerate(endings)]
    return JSONResponse(Envelope(shape).whole(choices, usage(endings, body.choices_per_prompt)))


async def _chunks(
    body: ChatRequest | CompletionRequest, shape: Shape, first: _Piece, rest: _Pieces
) -> AsyncGenerator[dict[str, Any], None]:
    envelope = Envelope(shape)
    # With the usage asked for, OpenAI's every chunk has the field, null but in the last one.
    no_usage = {"usage": None} if body.wants_usage_chunk else {}
    endings: list[Ending] = []
    opened = -1
    async with aclosing(_preceded(first, rest)) as pieces:
        async for choice, content in pieces:
            if choice != opened and (opening := shape.opening(choice)):
                yield envelope.chunk([opening]) | no_usage
            opened = choice
            if isinstance(content, Ending):
                endings.append(content)
                yield envelope.chunk([shape.part(choice, "", content.reason)]) | no_usage
            else:
                yield envelope.chunk([shape.part(choice, content, None)]) | no_usage
    if body.wants_usage_chunk:
        yield envelope.chunk([]) | {"usage": usage(endings, body.choices_per_prompt)}


async def _preceded(first: _Piece, rest: _Pieces) -> _Pieces:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece
