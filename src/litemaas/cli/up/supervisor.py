"""The loop that looks after everything that runs, and the order in which it is ended."""

import time
from collections.abc import Callable, Sequence

from litemaas.cli.up.services import Service, Tended
from litemaas.cli.up.signals import Signals

_SERVER_GRACE_SECONDS = 15.0  # beyond the drain, for a journal that still has to be written
_HINT_AFTER_SECONDS = 1.0


class Supervisor:
    """Looks after services until it is told to stop."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._tended: list[Tended] = []

    def look_after(self, tended: Tended) -> None:
        """Look after one more, beginning now; raises as its `tend` does."""
        self._tended.append(tended)
        tended.tend(time.monotonic())

    def run_until(self, is_reached: Callable[[], bool]) -> None:
        """Look after everything until `is_reached`, which is asked after every event.

        Raises:
            StopRequested: Somebody asked to stop.
            CommandError: A service cannot be started.
        """
        while True:
            now = time.monotonic()
            dues = [due for tended in self._tended if (due := tended.tend(now)) is not None]
            if is_reached():
                return
            descriptors = [descriptor for tended in self._tended for descriptor in tended.descriptors]
            self._signals.wait(descriptors, max(0.0, min(dues) - time.monotonic()) if dues else None)

    def run(self) -> None:
        """Look after everything until somebody asks to stop; raises as `run_until` does."""
        self.run_until(lambda: False)


def end_services(
    services: Sequence[Service], *, drain_seconds: float, signals: Signals, say: Callable[[str], None]
) -> None:
    """Ask services to end, wait while they finish their work, and end those that do not manage.

    Args:
        services: They are ended at the same time.
        drain_seconds: How long their open work may take.
        signals: Whoever asks again ends them at once.
        say: Is told what is waited for.
    """

    def kill_all() -> None:
        for service in services:
            service.kill()

    for service in services:
        service.terminate()
    signals.on_hurry(kill_all)
    if not all(service.ended_within(_HINT_AFTER_SECONDS) for service in services):
        say("Waiting for open calls to finish (Ctrl-C ends them now).")
    deadline = time.monotonic() + drain_seconds + _SERVER_GRACE_SECONDS
    if not all(service.ended_within(max(0.0, deadline - time.monotonic())) for service in services):
        say("Some did not finish in time and are ended now.")
        kill_all()
        for service in services:
            service.ended_within(_SERVER_GRACE_SECONDS)
    signals.on_hurry(None)
    for service in services:
        service.close()
