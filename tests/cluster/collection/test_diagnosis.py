from ansible_collections.rhpds.litemaas.plugins.module_utils.diagnosis import problem


def pod(*, volumes=(), **status):
    return {"metadata": {"name": "litellm-1"}, "spec": {"volumes": list(volumes)}, "status": status}


def waiting(reason, message="", **container):
    return {"name": "litellm", "state": {"waiting": {"reason": reason, "message": message}}, **container}


def test_a_pod_on_its_way_has_no_problem():
    assert problem(pod(containerStatuses=[waiting("ContainerCreating")]), {}, []) is None


def test_an_image_that_cannot_be_pulled_is_named():
    status = waiting("ImagePullBackOff", "not found", image="quay.io/x/litemaas:1")
    said = problem(pod(containerStatuses=[status]), {}, [])
    assert said == "Pod litellm-1: container litellm of image quay.io/x/litemaas:1: ImagePullBackOff: not found"


def test_a_crash_shows_the_containers_own_message():
    ended = {"exitCode": 3, "reason": "Error", "message": "LITEMAAS_SALT_KEY is wrong"}
    status = waiting("CrashLoopBackOff", "back-off 5m0s", lastState={"terminated": ended})
    said = problem(pod(initContainerStatuses=[status]), {}, [])
    assert said == (
        "Pod litellm-1: container litellm: CrashLoopBackOff; it ended with code 3 (Error): LITEMAAS_SALT_KEY is wrong"
    )


def test_an_unschedulable_pod_shows_the_schedulers_message():
    condition = {"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available: Insufficient cpu"}
    assert "cannot be scheduled: 0/3 nodes are available" in problem(pod(conditions=[condition]), {}, [])


def test_a_pending_volume_names_its_class_and_those_that_exist():
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "postgres-storage-postgres-0"}}
    claim = {
        "metadata": {"name": "postgres-storage-postgres-0"},
        "spec": {"storageClassName": "fast"},
        "status": {"phase": "Pending"},
    }
    said = problem(pod(volumes=[volume]), {"postgres-storage-postgres-0": claim}, ["gp2", "gp3-csi"])
    assert said == (
        "Pod litellm-1: its volume postgres-storage-postgres-0 of storage class fast is pending; "
        "storage classes that exist: gp2, gp3-csi"
    )
