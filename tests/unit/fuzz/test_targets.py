"""The targets of `make fuzz`, with as many examples as a test suite can bear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz import bodies, edge, guarded, streams

TARGETS = [bodies, edge, guarded, streams]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_holds_for_its_seeds(target):
    for seed in target.SEEDS:
        for cut in range(len(seed)):
            target.check(seed[cut:])


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_target_holds_for_seeds_that_were_changed(target, data):
    seed = data.draw(st.sampled_from(target.SEEDS))
    at = data.draw(st.integers(0, len(seed)))
    put = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"\r\n", b'"usage"', b"\\ud800", b": ", b"{", b"[" * 2000])
    )
    target.check(seed[:at] + put + seed[at + data.draw(st.integers(0, 4)) :])
