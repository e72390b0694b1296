import pytest

from litemaas.domain.routing.deployments import DeploymentState


def failing(state: DeploymentState, *moments: float, allowed_fails: int = 3) -> None:
    for moment in moments:
        state.failed(moment, allowed_fails, 5.0)


def test_as_many_failures_as_allowed_begin_no_rest():
    state = DeploymentState()
    failing(state, 100, 101, 102)

    assert state.cooling_until == 0


def test_one_failure_more_than_allowed_begins_a_rest():
    state = DeploymentState()
    failing(state, 100, 101, 102, 103)

    assert state.cooling_until == 108


def test_failures_spread_over_more_than_a_minute_begin_no_rest():
    state = DeploymentState()
    failing(state, 100, 130, 159, 161, 191)

    assert state.cooling_until == 0
    failing(state, 192)
    assert state.cooling_until == 197


def test_an_answer_clears_the_record():
    state = DeploymentState()
    failing(state, 100, 101, 102)
    state.succeeded(0.1)
    failing(state, 103, 104, 105)

    assert state.cooling_until == 0


def test_a_deployment_that_rested_has_a_clean_record():
    state = DeploymentState()
    failing(state, 100, 101, 102, 103)
    failing(state, 109, 110, 111)
    assert state.cooling_until == 108

    failing(state, 112)
    assert state.cooling_until == 117


def test_where_no_failure_is_allowed_the_first_begins_a_rest():
    state = DeploymentState()
    failing(state, 100, allowed_fails=0)

    assert state.cooling_until == 105


def test_latency_follows_the_latest_answers():
    state = DeploymentState()
    assert state.latency is None
    state.succeeded(1.0)
    assert state.latency == 1.0
    state.succeeded(2.0)
    assert state.latency == pytest.approx(1.2)
    for _ in range(60):
        state.succeeded(3.0)
    assert state.latency == pytest.approx(3.0, abs=0.001)
