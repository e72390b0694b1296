"""Start a fake cluster from a test and tell it what to do; the other end of `control`."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from .values import Json

_TESTS = Path(__file__).parents[2]
_STOP_SECONDS = 10


class FakeCluster:
    """A running fake cluster. Use it as a context manager, so that its process ends with the test."""

    def __init__(self, profile: str = "openshift", kubernetes_version: str = "") -> None:
        version = ["--kubernetes-version", kubernetes_version] if kubernetes_version else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cluster.fake", "--profile", profile, *version],
            env={**os.environ, "PYTHONPATH": str(_TESTS)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the fake cluster did not start: exit code {self._process.wait()}")
        started = json.loads(line)
        self.kubeconfig: str = started["kubeconfig"]
        self.url: str = started["url"]
        self._control_url: str = started["control_url"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """End the process by closing its standard input; returns its exit code."""
        self._process.stdin.close()
        code = self._process.wait(_STOP_SECONDS)
        self._process.stdout.close()
        return code

    def control(self, method: str, path: str, body: object = None) -> object:
        """One call of the control API.

        Raises:
            ValueError: the fake cluster does not take it; with its reason.
        """
        request = urllib.request.Request(
            self._control_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(f"{method} {path}: {error.read().decode()}") from error

    def switch(self, **switches: object) -> Json:
        """Change settings of the whole cluster, see `behaviour.Switches`; returns all of them."""
        return self.control("PATCH", "/switches", switches)

    def roll_out(self, outcome: str, **rule: str) -> None:
        """Let rollouts end so, see `behaviour.Outcome`; `namespace` and `name` are shell patterns."""
        self.control("POST", "/rollouts", {"outcome": outcome, **rule})

    def roll_out_normally(self) -> None:
        """Forget all rollout rules; what was stuck comes up."""
        self.control("DELETE", "/rollouts")

    def fail_next(self, code: int, count: int = 1, **which: object) -> None:
        """Answer the next requests with this status, 0 for a reset connection; `verb` and `resource` are patterns."""
        self.control("POST", "/faults", {"code": code, "count": count, **which})

    def deny(self, **denial: str) -> None:
        """Take a permission away: `user`, `verb`, `group`, `resource`, `namespace` as patterns."""
        self.control("POST", "/denials", denial)

    def allow_again(self) -> None:
        self.control("DELETE", "/denials")

    def add_user(self, name: str, **user: object) -> str:
        """A new user (`groups`, `cluster_admin`, `namespaces` they administer); returns their kubeconfig's path."""
        return self.control("POST", "/users", {"name": name, **user})["kubeconfig"]

    def claim_host(self, host: str, namespace: str) -> None:
        """Let a Route in another namespace hold a host."""
        self.control("POST", "/routes", {"host": host, "namespace": namespace})

    def set_storage_classes(self, *classes: Json) -> None:
        """Replace all storage classes: `{"name", "provisioner", "default", "expansion"}` each."""
        self.control("PUT", "/storage-classes", classes)

    def set_platform(self, platform: str) -> None:
        self.control("PUT", "/platform", {"platform": platform})

    def set_ingress_domain(self, domain: str) -> None:
        """Set the domain of generated hosts; an empty one removes `Ingress/cluster`."""
        self.control("PUT", "/ingress-domain", {"domain": domain})

    def requests(self) -> Json:
        """Counters since the last `forget_requests`: `{"total": 3, "by_verb": {"apply": {"secrets": 3}}}`."""
        return self.control("GET", "/requests")

    def request_log(self) -> list[Json]:
        return self.control("GET", "/requests/log")

    def forget_requests(self) -> None:
        self.control("DELETE", "/requests")

    def pods(self, after: int = 0, wait_seconds: float = 0) -> Json:
        """Pods to start and stop, with everything resolved, when the switch `kubelet` is on."""
        return self.control("GET", f"/kubelet/pods?after={after}&wait={wait_seconds}")

    def report_pod(self, namespace: str, name: str, phase: str, **report: object) -> None:
        """Say how a pod fares: Running (`ready`), Succeeded, Failed or CrashLoopBackOff (`message`, `exit_code`)."""
        self.control("POST", "/kubelet/status", {"namespace": namespace, "name": name, "phase": phase, **report})

    def compact(self) -> None:
        """Forget the history of changes: watches and continued lists from before are answered 410."""
        self.control("POST", "/compact")

    def reset(self) -> None:
        """A new, empty cluster under the same address and users."""
        self.control("POST", "/reset")
