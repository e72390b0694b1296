"""What this process has seen of its deployments lately: load, latency, failures.

A deployment that fails repeatedly rests for a while (its cooldown). A success clears its record. Nothing here is shared
between replicas: each sees enough calls of its own to know.
"""

from collections import deque

_FAILURE_WINDOW = 60.0
_LATENCY_WEIGHT = 0.2


class DeploymentState:
    """One deployment's recent history.

    Attributes:
        in_flight: Calls that it is serving for us.
        latency: Seconds to the first byte of an answer, averaged with the latest weighing a fifth; None: not known.
        cooling_until: Monotonic time at which its rest is over.
    """

    __slots__ = ("_failures", "cooling_until", "in_flight", "latency")

    def __init__(self) -> None:
        self.in_flight = 0
        self.latency: float | None = None
        self.cooling_until = 0.0
        self._failures: deque[float] = deque()

    def succeeded(self, first_byte_seconds: float) -> None:
        """Note an answer."""
        self._failures.clear()
        known = self.latency
        new = first_byte_seconds
        self.latency = new if known is None else known + _LATENCY_WEIGHT * (new - known)

    def rest_until(self, moment: float) -> None:
        """Rest until `moment` at least: somebody else saw that the deployment does not answer."""
        self.cooling_until = max(self.cooling_until, moment)

    def failed(self, now: float, allowed_fails: int, cooldown_seconds: float) -> None:
        """Note a failure at `now`; more than `allowed_fails` in a minute begin a cooldown."""
        failures = self._failures
        failures.append(now)
        while failures[0] < now - _FAILURE_WINDOW:
            failures.popleft()
        if len(failures) > allowed_fails:
            failures.clear()
            self.cooling_until = now + cooldown_seconds
