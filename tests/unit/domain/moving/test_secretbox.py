import pytest
from cryptography.exceptions import InvalidSignature

from litemaas.domain.moving.litellm.secretbox import open_box

# The vector of NaCl itself: tests/secretbox.c in https://nacl.cr.yp.to/
KEY = bytes.fromhex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
NONCE = bytes.fromhex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
MESSAGE = bytes.fromhex(
    "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
    "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
    "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
    "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
    "5e0705"
)
TAG_AND_CIPHERTEXT = bytes.fromhex(
    "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
    "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
    "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
    "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
    "7973f622a43d14a6599b1f654cb45a74e355a5"
)
BOX = NONCE + TAG_AND_CIPHERTEXT


def test_the_vector_of_nacl_opens():
    assert open_box(KEY, BOX) == MESSAGE


@pytest.mark.parametrize("position", [0, 23, 24, 39, 40, len(BOX) - 1])
def test_a_box_that_was_changed_anywhere_does_not_open(position):
    changed = bytearray(BOX)
    changed[position] ^= 1
    with pytest.raises(InvalidSignature):
        open_box(KEY, bytes(changed))


def test_another_key_does_not_open_it():
    with pytest.raises(InvalidSignature):
        open_box(KEY[::-1], BOX)


@pytest.mark.parametrize("length", [0, 10, 39])
def test_what_is_shorter_than_nonce_and_tag_is_no_box(length):
    with pytest.raises((InvalidSignature, ValueError)):
        open_box(KEY, BOX[:length])
