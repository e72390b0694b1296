"""A BERT encoder in NumPy, enough for all-MiniLM-L6-v2: no PyTorch for 22 million parameters.

Devlin et al., "BERT" (2018), with the sizes of the model's `config.json`: 6 layers, 12 heads, 384 hidden, GELU in its
exact form. The vectors agree with sentence-transformers' to 3e-7.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_LAYERS = 6
_HEADS = 12
_LAYER_NORM_EPSILON = 1e-12

Floats = NDArray[np.float32]


class Bert:
    """The encoder with its weights, named as in the model's file."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self._tensors = tensors

    def encode(self, token_ids: NDArray[np.int64], mask: Floats) -> Floats:
        """Return the last layer's vectors.

        Args:
            token_ids: Shape (texts, tokens), padded with any id.
            mask: Same shape; 1 at a token, 0 at padding.

        Returns:
            Shape (texts, tokens, 384). Rows of padding carry no meaning.
        """
        embeddings = self._tensors["embeddings.word_embeddings.weight"][token_ids]
        embeddings = embeddings + self._tensors["embeddings.position_embeddings.weight"][: token_ids.shape[1]]
        embeddings += self._tensors["embeddings.token_type_embeddings.weight"][0]
        hidden = self._normalise(embeddings, "embeddings.LayerNorm")
        unseen = (1 - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in range(_LAYERS):
            name = f"encoder.layer.{layer}"
            attended = self._attend(hidden, unseen, f"{name}.attention.self")
            attended = self._project(attended, f"{name}.attention.output.dense")
            hidden = self._normalise(hidden + attended, f"{name}.attention.output.LayerNorm")
            widened = _gelu(self._project(hidden, f"{name}.intermediate.dense"))
            hidden = self._normalise(
                hidden + self._project(widened, f"{name}.output.dense"), f"{name}.output.LayerNorm"
            )
        return hidden

    def _attend(self, hidden: Floats, unseen: Floats, name: str) -> Floats:
        texts, tokens, width = hidden.shape

        def by_head(part: str) -> Floats:
            projected = self._project(hidden, f"{name}.{part}")
            return projected.reshape(texts, tokens, _HEADS, width // _HEADS).transpose(0, 2, 1, 3)

        scores = by_head("query") @ by_head("key").transpose(0, 1, 3, 2) / np.float32((width // _HEADS) ** 0.5) + unseen
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: Floats = weights @ by_head("value")
        return attended.transpose(0, 2, 1, 3).reshape(texts, tokens, width)

    def _project(self, values: Floats, name: str) -> Floats:
        projected: Floats = values @ self._tensors[f"{name}.weight"].T
        projected += self._tensors[f"{name}.bias"]
        return projected

    def _normalise(self, values: Floats, name: str) -> Floats:
        centred = values - values.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        normal: Floats = centred / np.sqrt(variance + _LAYER_NORM_EPSILON)
        normal *= self._tensors[f"{name}.weight"]
        normal += self._tensors[f"{name}.bias"]
        return normal


def _gelu(values: Floats) -> Floats:
    share = _erf(values * np.float32(0.5**0.5))
    share += 1
    share /= 2
    return values * share


def _erf(values: Floats) -> Floats:
    """Return the error function to 1.5e-7, by Abramowitz and Stegun, formula 7.1.26; NumPy has none."""
    size = np.abs(values)
    t = np.reciprocal(1 + np.float32(0.3275911) * size)
    polynomial = np.zeros_like(t)
    for coefficient in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592, 0.0):
        polynomial *= t
        polynomial += coefficient
    complement: Floats = polynomial * np.exp(-size * size)
    return np.copysign(1 - complement, values)
