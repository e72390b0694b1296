import shutil

import pytest
from benchmarks.load import LoadResult
from benchmarks.proc import Memory
from benchmarks.results import Facts, Machine, Run, Sample, find_failure
from benchmarks.upstream import Counters, UpstreamStub


@pytest.fixture
def compiler():
    if shutil.which("gcc") is None:
        pytest.skip("upstream and load generator of the benchmark are written in C and there is no compiler")


@pytest.fixture
def upstream(compiler):
    with UpstreamStub() as stub:
        yield stub


def make_counters(**changes):
    return Counters(
        **({"connections": 0, "open": 0, "requests": 0, "answered": 0, "aborted": 0, "events": 0} | changes)
    )


def make_load(**changes):
    plain = {"completed": 1000, "seconds": 2.0, "p50_us": 500.0, "p99_us": 900.0}
    return LoadResult(**(plain | {"refused": 0, "broken": 0, "unanswered": 0} | changes))


def make_sample(contender="nginx", cell="calls-32", number=1, *, cpu_us=20.0, load=None, upstream=None):
    load = load or make_load()
    upstream = upstream or make_counters(requests=load.completed, answered=load.completed)
    return Sample(
        contender=contender,
        cell=cell,
        round=number,
        load=load,
        gateway_cpu_seconds=None if cpu_us is None else cpu_us * load.completed / 1e6,
        database_cpu_seconds=0.0,
        upstream=upstream,
        interference=0.01,
        failure=find_failure(load, upstream, 32),
    )


def make_run(samples, absent=None, **facts):
    names = dict.fromkeys(sample.contender for sample in samples)
    memory = Memory(100_000_000, 90_000_000)
    described = {
        "version": "1.0",
        "is_peer": False,
        "start_seconds": [2.0, 1.0],
        "idle": memory,
        "loaded": memory,
        "check": "",
        "fault": "",
    }
    return Run(
        command="python -m benchmarks --quick",
        date="2026-01-02",
        machine=Machine("A CPU", 2, 24.0, "Linux 6", "3.11.7", "gcc 12", "wrk 4"),
        rounds=max((sample.round for sample in samples), default=0),
        seconds=4,
        seed=1,
        absent=absent or {},
        facts=[Facts(**(described | {"name": name} | facts)) for name in names],
        samples=samples,
    )


@pytest.fixture
def make():
    """Builders of results, by the name of what they build."""

    class Make:
        counters = staticmethod(make_counters)
        load = staticmethod(make_load)
        sample = staticmethod(make_sample)
        run = staticmethod(make_run)

    return Make
