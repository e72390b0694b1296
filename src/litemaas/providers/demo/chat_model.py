"""The chat model: text in, text out, one generation at a time.

`xllamacpp` runs llama.cpp's server core in this process. A generation occupies the one worker thread, so the thread's
queue is the fair queue of all callers, and the event loop stays free (the library releases the interpreter lock). Who
stops reading stops the generation: the callback that llama.cpp calls for each token, and while it reads a prompt for
each batch, then answers "enough".
"""

import asyncio
import secrets
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, NamedTuple

import xllamacpp

from litemaas.providers.demo.errors import ApiError, context_too_long
from litemaas.providers.demo.start_errors import WeightsError

CONTEXT_TOKENS = 8192
"""Tokens of prompt and answer together; the model was trained for 32,768, but such a prompt would take minutes here."""

MAX_OUTPUT_TOKENS = 1024
"""Longest answer, in tokens; a larger maximum is cut to it, and the answer then ends with the reason `length`."""

_BATCH_TOKENS = 128  # how much prompt is read between two looks at the callback: about 0.4 s
_IMAGE = "<start_of_image>"  # a control token that this file holds as text; the model wants to end there
_SEEDS = (1 << 32) - 1  # llama.cpp's seeds have 32 bits, and the highest value asks it for a random one


class Sampling(NamedTuple):
    """How to pick tokens, in OpenAI's terms."""

    max_tokens: int
    temperature: float
    top_p: float
    frequency_penalty: float
    presence_penalty: float
    seed: int | None
    stop: tuple[str, ...]


class Ending(NamedTuple):
    """The last thing a generation yields.

    Attributes:
        reason: `stop` at a stop sequence or the model's own end, `length` at a limit.
        prompt_tokens: Tokens read.
        cached_tokens: Those of them that needed no work, because the last prompt began with the same ones.
        completion_tokens: Tokens written.
    """

    reason: Literal["stop", "length"]
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class ChatModel:
    """The loaded model.

    Raises `WeightsError` if the file is damaged.

    Attributes:
        running: Whether a generation runs now.
        finished: Generations that ran to their end.
        abandoned: Generations that were stopped because nobody read on.
    """

    def __init__(self, file: Path) -> None:
        self.running = False
        self.finished = 0
        self.abandoned = 0
        try:
            self._server = xllamacpp.Server(_parameters(file))
        except RuntimeError as error:
            raise WeightsError(f"The model in {file} cannot be loaded; delete the file and start again.") from error
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chat-model")

    def close(self) -> None:
        """Stop the worker and free the model. Generations must have been closed before."""
        self._worker.shutdown(cancel_futures=True)
        del self._server

    async def generate(self, prompt: str, sampling: Sampling) -> AsyncGenerator[str | Ending, None]:
        """Continue `prompt`, yielding text as it comes and an `Ending` at last.

        Closing the generator stops the generation, also one that still waits for its turn.

        Raises:
            ApiError: If the prompt is longer than the context.
        """
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        unread = threading.Event()

        def relay(chunk: dict[str, Any]) -> bool:
            if not unread.is_set():
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            return unread.is_set()

        job = loop.run_in_executor(self._worker, self._run, _request(prompt, sampling), relay, unread)
        job.add_done_callback(lambda _: chunks.put_nowait(None))
        try:
            while chunk := await chunks.get():
                if "error" in chunk:
                    raise _refusal(chunk["error"])
                choice = chunk["choices"][0]
                if choice.get("text"):
                    yield choice["text"]
                if "usage" in chunk:
                    yield _ending(choice["finish_reason"], chunk["usage"])
            await job
        finally:
            unread.set()
            job.cancel()

    def _run(self, request: dict[str, Any], relay: Callable[[dict[str, Any]], bool], unread: threading.Event) -> None:
        """Run one generation in the worker thread, and count it."""
        self.running = True
        try:
            self._server.handle_completions(request, relay)
            if unread.is_set():
                self.abandoned += 1
            else:
                self.finished += 1
        finally:
            self.running = False


def _parameters(file: Path) -> xllamacpp.CommonParams:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_batch = parameters.n_ubatch = _BATCH_TOKENS
    parameters.n_parallel = 1
    # More threads than idle cores make llama.cpp's threads spin on one another: 2 on a busy 2-core machine are 3 times
    # slower than 1.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    # Prompts and states kept for reuse, up to 8 GB by default. A long chat that goes on is reused without them.
    parameters.cache_ram_mib = parameters.n_ctx_checkpoints = 0
    parameters.warmup = False
    parameters.verbosity = 1  # errors only
    # The library insists on a port of its own. It is on loopback, and a key that nobody knows closes it.
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [secrets.token_hex()]
    parameters.n_threads_http = 1
    parameters.ui = parameters.endpoint_slots = parameters.endpoint_props = False
    return parameters


def _request(prompt: str, sampling: Sampling) -> dict[str, Any]:
    request = {
        "prompt": prompt,
        "max_tokens": min(sampling.max_tokens, MAX_OUTPUT_TOKENS),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "frequency_penalty": sampling.frequency_penalty,
        "presence_penalty": sampling.presence_penalty,
        "stop": (_IMAGE, *sampling.stop),
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,  # a callback for each batch of the prompt, so that reading it can be stopped
    }
    if sampling.seed is not None:
        # Tokens taken from the cache change the last bits of what follows, and with them, sometimes, the seed's answer.
        request |= {"seed": sampling.seed % _SEEDS, "cache_prompt": False}
    return request


def _ending(reason: Literal["stop", "length"], usage: dict[str, Any]) -> Ending:
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    return Ending(reason, usage["prompt_tokens"], cached, usage["completion_tokens"])


def _refusal(error: dict[str, Any]) -> ApiError:
    if error["type"] == "exceed_context_size_error":
        return context_too_long(error["n_ctx"], error["n_prompt_tokens"], "prompt")
    return ApiError(error["code"], error["message"])
