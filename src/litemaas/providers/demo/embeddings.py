"""`POST /v1/embeddings`."""

import base64

from starlette.requests import Request
from starlette.responses import JSONResponse

from litemaas.providers.demo import EMBEDDING_MODEL
from litemaas.providers.demo.bert import Floats
from litemaas.providers.demo.embedding_model import EmbeddingModel
from litemaas.providers.demo.requests import EmbeddingRequest, read


class EmbeddingEndpoint:
    """The endpoint over one model."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model

    async def embed(self, request: Request) -> JSONResponse:
        """Answer with one vector for each text."""
        body = read(await request.body(), EmbeddingRequest, EMBEDDING_MODEL)
        vectors, tokens = await self._model.embed(body.texts)
        encode = _base64 if body.encoding_format == "base64" else _numbers
        return JSONResponse(
            {
                "object": "list",
                "data": [
                    {"object": "embedding", "index": index, "embedding": encode(vector)}
                    for index, vector in enumerate(vectors)
                ],
                "model": EMBEDDING_MODEL,
                "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
            }
        )


def _numbers(vector: Floats) -> list[float]:
    return [float(number) for number in vector]


def _base64(vector: Floats) -> str:
    """Return the vector as OpenAI encodes it: 32-bit floats, little-endian."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()
