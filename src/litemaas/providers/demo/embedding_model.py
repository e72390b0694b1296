"""The embedding model: texts in, unit vectors out.

As its model card says: the mean of the last layer's vectors over the tokens of a text, scaled to length 1. Work is cut
into small batches that take turns on one worker thread, so that a client with 2,048 texts does not hold up one with a
single text.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Encoding, Tokenizer

from litemaas.providers.demo.bert import Bert, Floats
from litemaas.providers.demo.errors import context_too_long
from litemaas.providers.demo.tensors import map_tensors

MAX_INPUT_TOKENS = 256
"""Longest text in tokens: `max_seq_length` of `sentence_bert_config.json`; a longer one is refused, not cut."""

_BATCH_TEXTS = 8  # 8 of the longest texts take about 1 s and 75 MB


class Embeddings(NamedTuple):
    """The vectors of some texts.

    Attributes:
        vectors: Shape (texts, 384), in the order of the texts, each of length 1.
        prompt_tokens: Tokens read, the two that frame each text included.
    """

    vectors: Floats
    prompt_tokens: int


class EmbeddingModel:
    """The loaded model."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._bert = Bert(map_tensors(folder / "model.safetensors"))
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding-model")

    def close(self) -> None:
        """Stop the worker; batches that wait are dropped."""
        self._worker.shutdown(cancel_futures=True)

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return the vectors of `texts`.

        Raises:
            ApiError: If a text is longer than `MAX_INPUT_TOKENS`.
        """
        loop = asyncio.get_running_loop()
        encodings: list[Encoding] = await loop.run_in_executor(self._worker, self._tokenizer.encode_batch, texts)
        longest = max(len(encoding.ids) for encoding in encodings)
        if longest > MAX_INPUT_TOKENS:
            raise context_too_long(MAX_INPUT_TOKENS, longest, "input")
        batches = [
            await loop.run_in_executor(self._worker, self._embed_batch, encodings[start : start + _BATCH_TEXTS])
            for start in range(0, len(encodings), _BATCH_TEXTS)
        ]
        return Embeddings(np.concatenate(batches), sum(len(encoding.ids) for encoding in encodings))

    def _embed_batch(self, encodings: Sequence[Encoding]) -> Floats:
        longest = max(len(encoding.ids) for encoding in encodings)
        token_ids = np.zeros((len(encodings), longest), np.int64)
        mask = np.zeros((len(encodings), longest), np.float32)
        for row, encoding in enumerate(encodings):
            token_ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        vectors = self._bert.encode(token_ids, mask)
        means: Floats = (vectors * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return means
