import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.rate_limits.errors import ParallelRequestsError, RequestsPerMinuteError, TokensPerMinuteError
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, Scopes, check_all, take_all

NOW = 1000.0


def enter(scope: Scope, tokens: int = 0, now: float = NOW) -> None:
    scope.check(now, tokens)
    scope.take(now, tokens)


@given(st.integers(0, 20), st.integers(0, 40))
def test_exactly_as_many_requests_pass_as_the_limit_says(rpm, calls):
    scope, passed = Scope("key", RateLimits(rpm=rpm)), 0
    for _ in range(calls):
        try:
            enter(scope)
        except RequestsPerMinuteError:
            continue
        passed += 1

    assert passed == min(rpm, calls)


def test_a_refused_request_says_when_it_may_come_again():
    scope = Scope("key", RateLimits(rpm=1))
    enter(scope)

    with pytest.raises(RequestsPerMinuteError, match="1 requests per minute") as refusal:
        scope.check(NOW + 20, 0)

    assert 40 <= refusal.value.retry_after <= 40.1


def test_no_more_calls_than_allowed_are_in_flight():
    scope = Scope("key", RateLimits(parallel=2))
    enter(scope)
    enter(scope)

    with pytest.raises(ParallelRequestsError):
        scope.check(NOW, 0)
    scope.settle(NOW, 0, 0)
    scope.check(NOW, 0)


def test_tokens_in_flight_count_against_the_limit():
    scope = Scope("key", RateLimits(tpm=100))
    enter(scope, 60)

    with pytest.raises(TokensPerMinuteError):
        scope.check(NOW, 41)
    scope.check(NOW, 40)


def test_settlement_counts_the_tokens_used_instead_of_those_reserved():
    scope = Scope("key", RateLimits(tpm=100))
    enter(scope, 90)
    scope.settle(NOW, 90, 10)

    assert scope.remaining(NOW) == (None, 90)
    scope.check(NOW, 90)
    with pytest.raises(TokensPerMinuteError):
        scope.check(NOW, 91)


def test_a_call_above_the_whole_limit_passes_alone_and_never_beside_another():
    scope = Scope("key", RateLimits(tpm=100))
    enter(scope, 500)

    with pytest.raises(TokensPerMinuteError):
        scope.check(NOW, 1)


def test_a_limit_of_no_tokens_lets_nothing_pass():
    with pytest.raises(TokensPerMinuteError):
        Scope("key", RateLimits(tpm=0)).check(NOW, 1)


def test_tokens_are_free_again_after_a_minute():
    scope = Scope("key", RateLimits(tpm=100))
    enter(scope, 100)
    scope.settle(NOW, 100, 100)

    with pytest.raises(TokensPerMinuteError) as refusal:
        scope.check(NOW, 50)

    scope.check(NOW + refusal.value.retry_after + 1e-6, 50)
    assert refusal.value.retry_after <= 60.1


def test_a_refusal_by_the_team_takes_nothing_of_the_key():
    key, team = Scope("key", RateLimits(rpm=5, tpm=100, parallel=5)), Scope("team a", RateLimits(rpm=1))
    enter(team)

    with pytest.raises(RequestsPerMinuteError, match="team a"):
        check_all([key, team], NOW, 10)

    assert key.remaining(NOW) == (5, 100)
    assert key.in_flight == 0


def test_an_admitted_call_counts_everywhere():
    key, team = Scope("key", RateLimits(rpm=5, tpm=100)), Scope("team a", RateLimits(rpm=7, tpm=200))

    take_all([key, team], NOW, 10)

    assert key.remaining(NOW) == (4, 90)
    assert team.remaining(NOW) == (6, 190)


def test_a_changed_limit_keeps_what_was_counted():
    scopes = Scopes()
    enter(scopes.get("key:1", "key", RateLimits(rpm=2)))
    enter(scopes.get("key:1", "key", RateLimits(rpm=2)))

    assert scopes.get("key:1", "key", RateLimits(rpm=3)).remaining(NOW) == (1, None)


def test_a_scope_in_use_is_not_forgotten():
    scopes = Scopes()
    busy, counted = (scopes.get(name, "key", RateLimits(rpm=2, parallel=1)) for name in ("busy", "counted"))
    enter(busy)
    enter(counted)
    counted.settle(NOW, 0, 0)
    scopes.get("idle", "key", RateLimits(rpm=2))

    scopes.forget_idle(NOW + 30)
    assert scopes.get("busy", "key", busy.limits) is busy
    assert scopes.get("counted", "key", counted.limits) is counted

    scopes.forget_idle(NOW + 61)
    assert scopes.get("busy", "key", busy.limits) is busy
    assert scopes.get("counted", "key", counted.limits) is not counted
