"""The HTTP application: which path leads where, and what an error looks like."""

import time
from typing import Any

from msgspec import Struct, to_builtins
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from litemaas.providers.demo import CHAT_MODEL, EMBEDDING_MODEL
from litemaas.providers.demo.chat_model import CONTEXT_TOKENS, MAX_OUTPUT_TOKENS, ChatModel
from litemaas.providers.demo.completions import CompletionEndpoints
from litemaas.providers.demo.embedding_model import MAX_INPUT_TOKENS, EmbeddingModel
from litemaas.providers.demo.embeddings import EmbeddingEndpoint
from litemaas.providers.demo.errors import ApiError
from litemaas.providers.demo.hang_up import StopAtHangUp


class ModelCard(Struct):
    """What a gateway must know of a model to offer it."""

    id: str
    mode: str
    max_input_tokens: int
    max_output_tokens: int | None


def model_cards(*, with_embeddings: bool) -> list[ModelCard]:
    """Return the models that are served."""
    cards = [ModelCard(CHAT_MODEL, "chat", CONTEXT_TOKENS, MAX_OUTPUT_TOKENS)]
    if with_embeddings:
        cards.append(ModelCard(EMBEDDING_MODEL, "embedding", MAX_INPUT_TOKENS, None))
    return cards


def create_app(chat: ChatModel, embedding: EmbeddingModel | None) -> ASGIApp:
    """Return the application over the loaded models; without an embedding model its endpoint is missing."""
    started = int(time.time())
    cards = model_cards(with_embeddings=embedding is not None)

    async def models(_: Request) -> JSONResponse:
        constants = {"object": "model", "created": started, "owned_by": "litemaas-demo"}
        return JSONResponse({"object": "list", "data": [to_builtins(card) | constants for card in cards]})

    async def health(_: Request) -> JSONResponse:
        generations = {"running": chat.running, "finished": chat.finished, "abandoned": chat.abandoned}
        return JSONResponse({"status": "ok", "generations": generations})

    completions = CompletionEndpoints(chat)
    routes = [
        Route("/health", health),
        Route("/v1/models", models),
        Route("/v1/chat/completions", completions.chat, methods=["POST"]),
        Route("/v1/completions", completions.text, methods=["POST"]),
    ]
    if embedding is not None:
        routes.append(Route("/v1/embeddings", EmbeddingEndpoint(embedding).embed, methods=["POST"]))
    handlers: dict[Any, Any] = {ApiError: _refuse, HTTPException: _refuse_route, Exception: _fail}
    return StopAtHangUp(Starlette(routes=routes, exception_handlers=handlers))


def _refuse(_: Request, error: ApiError) -> JSONResponse:
    return JSONResponse(error.body(), error.status)


def _refuse_route(request: Request, error: HTTPException) -> JSONResponse:
    return _refuse(request, ApiError(error.status_code, f"{request.method} {request.url.path}: {error.detail}"))


def _fail(request: Request, _: Exception) -> JSONResponse:
    return _refuse(request, ApiError(500, "The demo model server failed; its log has the reason."))
