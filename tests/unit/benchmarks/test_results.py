import pytest
from benchmarks.results import find_failure
from benchmarks.upstream import STREAM_EVENTS


def test_cpu_is_shared_among_the_calls_that_the_gateway_worked_for(make):
    load = make.load(completed=1000)
    sample = make.sample(load=load, upstream=make.counters(answered=1030), cpu_us=20.6)
    assert sample.cpu_us_per_call == pytest.approx(20.0)
    assert sample.cpu_us_per_event is None
    assert sample.calls_per_second == 500


def test_a_stream_that_was_cut_off_counts_by_its_events(make):
    upstream = make.counters(answered=1000, events=1000 * STREAM_EVENTS + STREAM_EVENTS // 2)
    sample = make.sample(upstream=upstream, cpu_us=1000.5)
    assert sample.calls_served == 1000.5
    assert sample.cpu_us_per_event == pytest.approx(1000 / STREAM_EVENTS)


def test_without_a_gateway_there_is_no_cpu_figure(make):
    assert make.sample("direct", cpu_us=None).cpu_us_per_call is None


def test_a_clean_cell_counts(make):
    assert find_failure(make.load(completed=1000), make.counters(answered=1032), connections=32) == ""


@pytest.mark.parametrize("error", ["refused", "broken", "unanswered"])
def test_a_cell_with_a_single_error_does_not_count(make, error):
    failure = find_failure(make.load(**{error: 1}), make.counters(answered=1000), connections=32)
    assert f"1 {error}" in failure


def test_a_cell_with_hardly_any_answers_does_not_count(make):
    assert "too few" in find_failure(make.load(completed=19), make.counters(answered=19), connections=32)


@pytest.mark.parametrize("answered", [999, 1033])
def test_a_cell_does_not_count_if_callers_and_upstream_disagree(make, answered):
    failure = find_failure(make.load(completed=1000), make.counters(answered=answered), connections=32)
    assert failure == f"callers got 1000 answers but the upstream gave {answered}"


def test_a_run_has_failed_if_a_cell_or_a_check_has(make):
    good, bad = make.sample(), make.sample(load=make.load(refused=1))
    assert not make.run([good]).failed()
    assert make.run([good, bad]).failed()
    assert make.run([good], fault="the spend is wrong").failed()


def test_what_a_peer_does_wrong_does_not_fail_the_run(make):
    run = make.run([make.sample("litellm", load=make.load(refused=1))], is_peer=True, fault="it lost a call")
    assert not run.failed()
