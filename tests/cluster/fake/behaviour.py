"""What a test can decide about the cluster: how rollouts end, which requests fail, how slow and strict it is."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from fnmatch import fnmatchcase

from .values import Json


class Outcome(StrEnum):
    """How the pods of a workload end."""

    COMPLETES = "Completes"
    NEVER = "Never"  # pods stay Pending without a reason
    IMAGE_PULL_BACK_OFF = "ImagePullBackOff"
    CRASH_LOOP_BACK_OFF = "CrashLoopBackOff"
    UNSCHEDULABLE = "Unschedulable"
    CLAIM_PENDING = "PersistentVolumeClaimPending"
    QUOTA_EXCEEDED = "QuotaExceeded"
    SECURITY_REFUSED = "SecurityRefused"  # as an admission plug-in refuses the pod
    DEADLINE_EXCEEDED = "ProgressDeadlineExceeded"  # pods never ready and the Deployment says so at once
    FAILS = "Fails"  # a Job's pod or a Build ends with an error


@dataclass(frozen=True)
class RolloutRule:
    """Applies to workloads, Jobs and Builds whose namespace and name match the shell patterns; the last one wins."""

    outcome: Outcome
    namespace: str = "*"
    name: str = "*"
    message: str = ""
    log: str = ""

    def covers(self, namespace: str, name: str) -> bool:
        return fnmatchcase(namespace, self.namespace) and fnmatchcase(name, self.name)


@dataclass
class Fault:
    """The next `count` requests that match are answered with `code`; code 0 resets the connection."""

    code: int
    count: int = 1
    verb: str = "*"
    resource: str = "*"
    retry_after: int = 1

    def takes(self, verb: str, resource: str) -> bool:
        if self.count <= 0 or not (fnmatchcase(verb, self.verb) and fnmatchcase(resource, self.resource)):
            return False
        self.count -= 1
        return True


@dataclass
class Switches:
    """Settings of the whole cluster, all changeable at any time."""

    strict: bool = True  # unknown fields are refused unless the request says otherwise
    latency_seconds: float = 0.0  # added to each request
    namespace_deletion_seconds: float = 0.05  # from Terminating to gone
    router: bool = True  # admits Routes and gives Ingresses an address
    image_registry: bool = True  # the cluster's own registry is there
    security_context_constraints: str = "off"  # off; pods: refused at creation; templates: the workload is refused too
    ingress_domain: str = "apps.cluster.example.com"
    kubelet: bool = False  # pods wait for a test to report their status


@dataclass
class Behaviour:
    """All that the control API can change, in one place, so that it can be reset."""

    switches: Switches = field(default_factory=Switches)
    rollouts: list[RolloutRule] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def rollout(self, namespace: str, name: str) -> RolloutRule:
        matching = [rule for rule in self.rollouts if rule.covers(namespace, name)]
        return matching[-1] if matching else RolloutRule(Outcome.COMPLETES)

    def fault(self, verb: str, resource: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.takes(verb, resource)), None)

    def switch(self, changes: Json) -> None:
        """Change switches by name.

        Raises:
            ValueError: there is no such switch.
        """
        known = {each.name for each in fields(Switches)}
        if unknown := set(changes) - known:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        for name, value in changes.items():
            setattr(self.switches, name, value)
