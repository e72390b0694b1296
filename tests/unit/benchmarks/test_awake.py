import os
import time
from pathlib import Path

from benchmarks.awake import kept_awake


def test_what_keeps_a_cpu_awake_yields_to_everything_and_ends():
    with kept_awake() as pid:
        cpus = os.sched_getaffinity(pid)
        deadline = time.monotonic() + 30
        while os.sched_getscheduler(pid) != os.SCHED_IDLE:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert cpus == os.sched_getaffinity(0)
    assert not Path(f"/proc/{pid}").exists()
