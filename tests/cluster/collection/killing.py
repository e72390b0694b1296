"""The sudden end of a play, as when its machine goes: of the play and of all that it has started."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def kill(process):
    """Kills a play that runs; Ansible's workers have left its process group, so they are looked for."""
    everyone = [process.pid, *_descendants(process.pid)]
    for pid in everyone:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.communicate()


def _descendants(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found
