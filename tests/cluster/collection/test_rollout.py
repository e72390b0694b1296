from ansible_collections.rhpds.litemaas.plugins.module_utils import rollout


def deployment(replicas=2, **status):
    status = {"observedGeneration": 3, **status}
    return {"kind": "Deployment", "metadata": {"generation": 3}, "spec": {"replicas": replicas}, "status": status}


def route(status, reason="", message=""):
    condition = {"type": "Admitted", "status": status, "reason": reason, "message": message}
    ingress = [{"host": "a.example", "conditions": [condition]}]
    return {"kind": "Route", "metadata": {}, "spec": {"host": "a.example"}, "status": {"ingress": ingress}}


def test_a_deployment_is_ready_when_all_pods_are_new_and_available():
    assert rollout.pending(deployment(replicas=2, updatedReplicas=2, availableReplicas=2)) is None


def test_a_deployment_waits_for_its_controller():
    assert "controller" in rollout.pending(deployment(observedGeneration=2, updatedReplicas=2, availableReplicas=2))


def test_a_deployment_waits_for_available_pods():
    assert rollout.pending(deployment(updatedReplicas=2, availableReplicas=1)) == "1 of 2 pods ready"


def test_a_deployment_waits_for_old_pods_to_go():
    waiting = deployment(replicas=2, updatedReplicas=2, availableReplicas=2)
    waiting["status"]["replicas"] = 3
    assert rollout.pending(waiting) == "1 pods of the old version remain"


def test_a_deployment_whose_pods_are_refused_says_why():
    condition = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"}
    assert rollout.refused(deployment(conditions=[condition])) == "FailedCreate exceeded quota"


def test_a_stateful_set_is_ready_when_its_pods_are_and_no_update_runs():
    status = {"observedGeneration": 1, "readyReplicas": 1, "currentRevision": "b", "updateRevision": "b"}
    database = {"kind": "StatefulSet", "metadata": {"generation": 1}, "spec": {}, "status": status}
    assert rollout.pending(database) is None
    status["currentRevision"] = "a"
    assert rollout.pending(database) == "pods of the old version remain"


def test_a_route_is_ready_when_a_router_admits_it():
    assert rollout.pending(route("True")) is None
    assert rollout.pending({"kind": "Route", "metadata": {}, "spec": {}}) == "no router has admitted it"


def test_a_route_whose_host_is_taken_says_so():
    refused = rollout.refused(route("False", "HostAlreadyClaimed", "claimed by namespace other"))
    assert refused == "the router refuses host a.example: HostAlreadyClaimed claimed by namespace other"
