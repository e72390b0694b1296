"""Mapping a safetensors file."""

import json
import struct

import numpy as np
import pytest

from litemaas.providers.demo.tensors import map_tensors


def write(file, header, data):
    encoded = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(encoded)) + encoded + data)
    return file


def test_tensors_are_read_by_name_type_and_shape(tmp_path):
    floats = np.arange(6, dtype="<f4").reshape(2, 3)
    integers = np.array([7, -7], dtype="<i8")
    header = {
        "__metadata__": {"format": "pt"},
        "weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "ids": {"dtype": "I64", "shape": [2], "data_offsets": [24, 40]},
    }

    tensors = map_tensors(write(tmp_path / "model.safetensors", header, floats.tobytes() + integers.tobytes()))

    assert set(tensors) == {"weight", "ids"}
    np.testing.assert_array_equal(tensors["weight"], floats)
    np.testing.assert_array_equal(tensors["ids"], integers)


def test_tensors_cannot_be_changed(tmp_path):
    header = {"weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    tensors = map_tensors(write(tmp_path / "model.safetensors", header, b"\0" * 4))

    with pytest.raises(ValueError, match="read-only"):
        tensors["weight"][0] = 1


def test_an_unknown_element_type_is_refused(tmp_path):
    header = {"weight": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}

    with pytest.raises(KeyError, match="BF16"):
        map_tensors(write(tmp_path / "model.safetensors", header, b"\0" * 4))
