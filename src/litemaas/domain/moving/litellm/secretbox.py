"""NaCl's secretbox, opening only: how LiteLLM sealed provider secrets before it changed to AES-GCM.

XSalsa20 is in no library that we have, and a dependency for a few hundred short secrets that are read once would stay
for ever; so the stream cipher is written out here, slow and plain, and Poly1305 comes from `cryptography`.
https://cr.yp.to/highspeed/naclcrypto-20090310.pdf (secretbox), https://cr.yp.to/snuffle/xsalsa-20110204.pdf
"""

import struct

from cryptography.hazmat.primitives.poly1305 import Poly1305

NONCE_BYTES, TAG_BYTES = 24, 16

_MASK = 0xFFFFFFFF
_CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")
_BLOCK_BYTES = 64
_POLY_KEY_BYTES = 32
# Each quarter round works on these four words: first the columns, then the rows.
_QUARTERS = (
    (0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11),
    (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14),
)  # fmt: skip
_DOUBLE_ROUNDS = 10


def open_box(key: bytes, box: bytes) -> bytes:
    """Open what `crypto_secretbox` made.

    Args:
        key: 32 bytes.
        box: 24 bytes of nonce, 16 of tag, then the ciphertext.

    Raises:
        InvalidSignature: Another key sealed it, or it is no box. Shorter ones than nonce and tag are none either.
    """
    nonce, tag, ciphertext = box[:NONCE_BYTES], box[NONCE_BYTES:][:TAG_BYTES], box[NONCE_BYTES + TAG_BYTES :]
    stream = _xsalsa20(key, nonce.ljust(NONCE_BYTES, b"\0"), _POLY_KEY_BYTES + len(ciphertext))
    Poly1305.verify_tag(stream[:_POLY_KEY_BYTES], ciphertext, tag)
    return bytes(byte ^ mask for byte, mask in zip(ciphertext, stream[_POLY_KEY_BYTES:], strict=True))


def _xsalsa20(key: bytes, nonce: bytes, length: int) -> bytes:
    """The first `length` bytes of the key stream for a nonce of 24 bytes."""
    mixed = _rounds(_state(key, nonce[:16]))
    subkey = struct.pack("<8I", *(mixed[word] for word in (0, 5, 10, 15, 6, 7, 8, 9)))  # HSalsa20
    blocks = range(-(-length // _BLOCK_BYTES))
    return b"".join(_block(subkey, nonce[16:] + struct.pack("<Q", counter)) for counter in blocks)[:length]


def _block(key: bytes, nonce_and_counter: bytes) -> bytes:
    state = _state(key, nonce_and_counter)
    words = ((before + after) & _MASK for before, after in zip(state, _rounds(state), strict=True))
    return struct.pack("<16I", *words)


def _state(key: bytes, middle: bytes) -> list[int]:
    low, high, center = struct.unpack("<4I", key[:16]), struct.unpack("<4I", key[16:]), struct.unpack("<4I", middle)
    first, second, third, fourth = _CONSTANTS
    return [first, *low, second, *center, third, *high, fourth]


def _rounds(state: list[int]) -> list[int]:
    words = list(state)
    for _ in range(_DOUBLE_ROUNDS):
        for a, b, c, d in _QUARTERS:
            words[b] ^= _rotated(words[a] + words[d], 7)
            words[c] ^= _rotated(words[b] + words[a], 9)
            words[d] ^= _rotated(words[c] + words[b], 13)
            words[a] ^= _rotated(words[d] + words[c], 18)
    return words


def _rotated(word: int, bits: int) -> int:
    word &= _MASK
    return (word << bits | word >> 32 - bits) & _MASK
