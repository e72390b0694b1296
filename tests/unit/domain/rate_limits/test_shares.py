"""How much of a limit a replica may have in use, and what it does at the edge of that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.rate_limits.errors import (
    ParallelRequestsError,
    RequestsPerMinuteError,
    TokensPerMinuteError,
)
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, ShareTooSmallError
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rate_limits.shares import NOTHING, Amounts, Want, divide

NOW = 1000.0
LATER = NOW + 10

amounts = st.builds(Amounts, *(st.integers(0, 100) for _ in range(3)))
limits = st.builds(RateLimits, *(st.none() | st.integers(0, 200) for _ in range(3)))


def holding(limits: RateLimits, *share: int) -> Scope:
    scope = Scope("key", limits)
    scope.hold(share, LATER)
    return scope


def want(limits: RateLimits, used: Amounts = NOTHING, need: Amounts = NOTHING) -> Want:
    return Want("key:1", limits, used, need, 60.0)


@given(limits, amounts, amounts, amounts)
def test_a_share_and_those_of_others_never_exceed_a_limit(limits, used, need, others):
    share, _ = divide(want(limits, used, need), others, NOTHING)
    for limit, mine, theirs, wanted, in_use in zip(limits, share or used, others, need, used, strict=True):
        if share is not None and limit is not None:
            assert mine + theirs <= limit
            assert mine >= in_use + wanted


def test_a_first_grant_leaves_something_for_others():
    share, _ = divide(want(RateLimits(rpm=100), need=Amounts(1, 0, 1)), NOTHING, NOTHING)
    assert share.requests == 25


def test_there_is_hope_only_while_others_have_what_they_do_not_use():
    asked = want(RateLimits(rpm=10), need=Amounts(requests=1))
    assert divide(asked, Amounts(requests=10), Amounts(requests=1)) == (None, True)
    assert divide(asked, Amounts(requests=10), NOTHING) == (None, False)


def test_a_call_beyond_the_share_asks_for_more_and_one_beyond_the_limit_is_refused():
    scope = holding(RateLimits(rpm=2), 1, 0, 0)
    scope.check(NOW, 0)
    scope.take(NOW, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 0)

    scope.hold((2, 0, 0), LATER)
    scope.take(NOW, 0)
    with pytest.raises(RequestsPerMinuteError, match="2 requests per minute"):
        scope.check(NOW, 0)


def test_nobody_is_asked_again_right_after_a_refusal():
    scope = holding(RateLimits(parallel=2), 0, 0, 0)
    scope.refused_until, scope.refused_tokens = NOW + 1, 0
    with pytest.raises(ParallelRequestsError):
        scope.check(NOW, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW + 1, 0)


def test_a_smaller_call_asks_although_a_larger_one_was_refused():
    scope = holding(RateLimits(tpm=100), 0, 0, 0)
    scope.refused_until, scope.refused_tokens = NOW + 1, 50
    with pytest.raises(TokensPerMinuteError):
        scope.check(NOW, 50)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 49)


def test_a_call_above_the_whole_limit_needs_the_whole_limit():
    scope = holding(RateLimits(tpm=100), 0, 99, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 500)
    scope.hold((0, 100, 0), LATER)
    scope.check(NOW, 500)


def test_a_share_that_ran_out_is_used_no_further():
    scope = holding(RateLimits(rpm=10), 10, 0, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(LATER, 0)


def test_who_gives_way_keeps_what_it_uses_and_takes_half_of_it_anew():
    scope = holding(RateLimits(parallel=8), 0, 0, 8)
    for _ in range(4):
        scope.take(NOW, 0)

    scope.give_way(NOW)

    assert scope.share == (0, 0, 4)
    scope.settle(NOW, 0, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 0)
    scope.settle(NOW, 0, 0)
    scope.settle(NOW, 0, 0)
    scope.check(NOW, 0)


def test_a_place_that_others_wait_for_is_not_taken_anew():
    scope = holding(RateLimits(parallel=4), 0, 0, 4)
    for _ in range(4):
        scope.take(NOW, 0)
    scope.owe(1)
    scope.settle(NOW, 0, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 0)
    scope.settle(NOW, 0, 0)
    scope.check(NOW, 0)


def test_the_only_place_is_given_away_too():
    scope = holding(RateLimits(parallel=1), 0, 0, 1)
    scope.take(NOW, 0)
    scope.give_way(NOW)
    scope.settle(NOW, 0, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 0)


def test_a_place_of_ours_that_we_gave_way_with_is_asked_for_also_right_after_a_refusal():
    scope = holding(RateLimits(parallel=4), 0, 0, 1)
    scope.take(NOW, 0)
    scope.give_way(NOW)
    scope.refused_until = LATER
    with pytest.raises(ParallelRequestsError):
        scope.check(NOW, 0)
    scope.settle(NOW, 0, 0)
    with pytest.raises(ShareTooSmallError):
        scope.check(NOW, 0)


def test_what_others_hold_does_not_remain():
    scope = holding(RateLimits(rpm=10, tpm=100), 4, 40, 0)
    scope.elsewhere = (6, 60)
    scope.take(NOW, 30)
    assert scope.remaining(NOW) == (3, 10)


def test_without_a_store_each_replica_has_its_part_and_at_least_one():
    shares = ShareService(lambda: NOW)
    shares.count_among(3)
    scope = Scope("key", RateLimits(rpm=10, tpm=0, parallel=2), "key:1", shares)
    assert scope.bounds == RateLimits(rpm=3, tpm=0, parallel=1)
    shares.be_alone()
    assert Scope("key", RateLimits(rpm=10), "key:1", shares).bounds == RateLimits(rpm=10)
