"""Keeps the CPU of upstream and load from falling asleep while a slower contender leaves it idle.

A virtual CPU that sleeps has to be woken through the hypervisor, and the one who sends the packet pays for it: several
microseconds, as much as all that nginx does for a call. A contender that is fast enough to keep the other CPU busy pays
nothing. So it is kept awake for all alike, by a process that runs only when nothing else wants to (`SCHED_IDLE`).
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SPIN = """
import os
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
while True:
    pass
"""


@contextmanager
def kept_awake() -> Iterator[int]:
    """Keep the CPU awake to which the calling process is bound; gives the process id of who does it."""
    spinner = subprocess.Popen([sys.executable, "-c", _SPIN])
    try:
        yield spinner.pid
    finally:
        spinner.kill()
        spinner.wait()
