"""Reads a safetensors file by mapping it, so that only touched pages take memory, and those can be given back.

The reference library copies every tensor: 86 MB more private memory and 45 MB more resident for a model whose largest
tensor, the word embeddings, is a table from which a text needs a few rows. The format is 8 bytes of header length
(little-endian), a JSON header, and the data: https://github.com/huggingface/safetensors#format
"""

import struct
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

_DTYPES = {"F32": "<f4", "I64": "<i8"}


class _Entry(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def map_tensors(file: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a safetensors file by name, read-only, backed by the file.

    Raises:
        KeyError: For an element type other than 32-bit floats and 64-bit integers.
    """
    with file.open("rb") as source:
        (header_size,) = struct.unpack("<Q", source.read(8))
        header = msgspec.json.decode(source.read(header_size), type=dict[str, Any])
    header.pop("__metadata__", None)
    data = np.memmap(file, mode="r", offset=8 + header_size)
    tensors = {}
    for name, fields in header.items():
        entry = msgspec.convert(fields, _Entry)
        begin, end = entry.data_offsets
        tensors[name] = data[begin:end].view(_DTYPES[entry.dtype]).reshape(entry.shape)
    return tensors
