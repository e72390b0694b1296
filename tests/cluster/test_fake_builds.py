import hashlib

import pytest
from kubernetes.dynamic import DynamicClient

BUILDS = "build.openshift.io/v1"
IMAGES = "image.openshift.io/v1"


@pytest.fixture
def build(fake, core, api):
    """Returns a function that uploads an archive to a BuildConfig and answers the ended Build."""
    core.create_namespace({"metadata": {"name": "images"}})
    dynamic = DynamicClient(api)
    stream = {"apiVersion": IMAGES, "kind": "ImageStream", "metadata": {"name": "app"}}
    dynamic.resources.get(api_version=IMAGES, kind="ImageStream").create(stream, namespace="images")
    body = {
        "apiVersion": BUILDS,
        "kind": "BuildConfig",
        "metadata": {"name": "app"},
        "spec": {
            "source": {"type": "Binary", "binary": {}},
            "strategy": {"type": "Docker", "dockerStrategy": {"dockerfilePath": "Containerfile"}},
            "output": {"to": {"kind": "ImageStreamTag", "name": "app:1.0"}},
        },
    }
    dynamic.resources.get(api_version=BUILDS, kind="BuildConfig").create(body, namespace="images")
    builds = dynamic.resources.get(api_version=BUILDS, kind="Build")

    def run(archive: bytes):
        path = "/apis/build.openshift.io/v1/namespaces/images/buildconfigs/app/instantiatebinary"
        started = dynamic.request("POST", path, body=archive, content_type="application/octet-stream")
        name = started.metadata.name
        for event in builds.watch(namespace="images", field_selector=f"metadata.name={name}", timeout=20):
            if event["raw_object"]["status"]["phase"] in {"Complete", "Failed"}:
                return event["raw_object"]
        return pytest.fail("the build did not end")

    return run


def test_an_uploaded_archive_becomes_a_tag_of_the_image_stream(dynamic, build):
    ended = build(b"an archive")

    digest = "sha256:" + hashlib.sha256(b"an archive").hexdigest()
    assert ended["status"]["phase"] == "Complete"
    assert ended["status"]["output"]["to"]["imageDigest"] == digest
    tag = dynamic.resources.get(api_version=IMAGES, kind="ImageStreamTag").get(name="app:1.0", namespace="images")
    assert tag.image.dockerImageReference == f"image-registry.openshift-image-registry.svc:5000/images/app@{digest}"


def test_builds_are_numbered_and_the_newest_image_is_first(dynamic, build):
    first, second = build(b"one"), build(b"two")

    stream = dynamic.resources.get(api_version=IMAGES, kind="ImageStream").get(name="app", namespace="images")
    assert [each["metadata"]["name"] for each in (first, second)] == ["app-1", "app-2"]
    assert [item.image for item in stream.status.tags[0]["items"]] == [
        each["status"]["output"]["to"]["imageDigest"] for each in (second, first)
    ]


def test_a_build_fails_with_its_log(fake, dynamic, build):
    fake.roll_out("Fails", name="app", message="Dockerfile build strategy has failed.", log="error: no space left")

    ended = build(b"an archive")

    path = f"/apis/build.openshift.io/v1/namespaces/images/builds/{ended['metadata']['name']}/log"
    log = dynamic.request("GET", path, serialize=False)
    assert (ended["status"]["phase"], ended["status"]["reason"]) == ("Failed", "DockerBuildFailed")
    assert log.data == b"error: no space left"


def test_without_the_registry_an_image_stream_has_no_repository(fake, dynamic, core):
    fake.switch(image_registry=False)
    streams = dynamic.resources.get(api_version=IMAGES, kind="ImageStream")
    streams.create({"apiVersion": IMAGES, "kind": "ImageStream", "metadata": {"name": "app"}}, namespace="default")

    found = streams.get(name="app", namespace="default").to_dict()

    assert "dockerImageRepository" not in found.get("status", {})
