import json
import ssl
import urllib.request
from pathlib import Path

import pytest
from kubernetes import config
from kubernetes.dynamic import DynamicClient

from cluster.manifests import ROUTE, deployment, pod, refused, route, wait_until


@pytest.fixture
def ns(fake, core):
    core.create_namespace({"metadata": {"name": "apps-one"}})
    return "apps-one"


@pytest.fixture
def routes(dynamic, ns):
    return dynamic.resources.get(api_version=ROUTE[0], kind=ROUTE[1])


def admission(routes, namespace, name):
    """The Admitted condition of a Route, as soon as it has one."""
    for event in routes.watch(namespace=namespace, field_selector=f"metadata.name={name}", timeout=20):
        ingress = event["raw_object"].get("status", {}).get("ingress")
        if ingress:
            return ingress[0]["conditions"][0]
    return pytest.fail("never admitted or refused")


def test_a_route_without_a_host_gets_one_and_is_admitted(routes, ns):
    made = routes.create(route("web"), namespace=ns)

    assert made.spec.host == f"web-{ns}.apps.cluster.example.com"
    assert made.metadata.annotations["openshift.io/host.generated"] == "true"
    assert admission(routes, ns, "web")["status"] == "True"


def test_a_route_is_completed_by_its_definition(routes, ns):
    made = routes.create(route("web"), namespace=ns)

    assert (made.spec.to.weight, made.spec.wildcardPolicy) == (100, "None")


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"host": "not a host"}, "spec.host"),
        ({"to": {"kind": "Deployment", "name": "web"}}, "spec.to.kind"),
        ({"tls": {"termination": "sometimes"}}, "spec.tls.termination"),
        ({"tls": {"termination": "passthrough", "insecureEdgeTerminationPolicy": "Allow"}}, "spec.tls"),
        ({"path": "no-slash"}, "spec.path"),
    ],
)
def test_a_route_that_breaks_its_definition_is_invalid(routes, ns, spec, path):
    with refused(422, path):
        routes.create(route("web", **spec), namespace=ns)


def test_a_host_that_another_namespace_holds_is_not_admitted(fake, routes, ns):
    fake.claim_host("taken.apps.cluster.example.com", "others")
    routes.create(route("web", host="taken.apps.cluster.example.com"), namespace=ns)

    refusal = admission(routes, ns, "web")

    assert (refusal["status"], refusal["reason"]) == ("False", "HostAlreadyClaimed")
    assert "a route in another namespace holds taken" in refusal["message"]


def test_two_routes_of_one_namespace_share_a_host_by_path(routes, ns):
    routes.create(route("web", host="shared.example.com"), namespace=ns)
    routes.create(route("api", host="shared.example.com", path="/api"), namespace=ns)

    assert admission(routes, ns, "api")["status"] == "True"


def test_without_a_router_a_route_has_no_status(fake, routes, ns):
    fake.switch(router=False)
    routes.create(route("web"), namespace=ns)

    assert not list(routes.watch(namespace=ns, field_selector="metadata.name=web", timeout=1))[1:]


def test_only_a_cluster_administrator_changes_a_route_s_host(fake, routes, ns):
    routes.create(route("web", host="one.example.com"), namespace=ns)
    kubeconfig = fake.add_user("developer", namespaces=[ns])
    patch = {"metadata": {"name": "web"}, "spec": {"host": "two.example.com"}}

    with config.new_client_from_config(kubeconfig) as api:
        theirs = DynamicClient(api).resources.get(api_version=ROUTE[0], kind=ROUTE[1])
        with refused(422, "field is immutable"):
            theirs.patch(patch, namespace=ns, content_type="application/merge-patch+json")


def test_choosing_a_host_takes_a_permission_of_its_own(fake, routes, ns):
    fake.deny(verb="create", resource="routes/custom-host")

    with refused(422, "you do not have permission to set the host field of the route"):
        routes.create(route("web", host="one.example.com"), namespace=ns)
    assert routes.create(route("web"), namespace=ns).spec.host


def test_a_route_is_not_replaced_without_its_resource_version(routes, ns):
    routes.create(route("web"), namespace=ns)

    with refused(422, "metadata.resourceVersion", "must be specified for an update"):
        routes.replace(route("web"), namespace=ns)


def test_the_cluster_tells_its_domain_and_platform(fake, dynamic):
    fake.set_platform("AWS")
    fake.set_ingress_domain("apps.lab.example.com")

    ingress = dynamic.resources.get(api_version="config.openshift.io/v1", kind="Ingress").get(name="cluster")
    platform = dynamic.resources.get(api_version="config.openshift.io/v1", kind="Infrastructure").get(name="cluster")

    assert ingress.spec.domain == "apps.lab.example.com"
    assert platform.status.platformStatus.type == "AWS"


def test_the_api_server_tells_where_people_log_in(fake, kubeconfig):
    context = ssl.create_default_context(cadata=authority_of(kubeconfig))

    with urllib.request.urlopen(f"{fake.url}/.well-known/oauth-authorization-server", context=context) as answer:
        endpoints = json.load(answer)

    assert endpoints["issuer"] == "https://oauth-openshift.apps.cluster.example.com"
    assert endpoints["token_endpoint"].startswith(endpoints["issuer"])


def authority_of(kubeconfig):
    with config.new_client_from_config(kubeconfig) as api:
        return Path(api.configuration.ssl_ca_cert).read_text()


def test_an_oauth_client_is_kept_and_its_grant_method_checked(dynamic, ns):
    clients = dynamic.resources.get(api_version="oauth.openshift.io/v1", kind="OAuthClient")
    body = {
        "apiVersion": "oauth.openshift.io/v1",
        "kind": "OAuthClient",
        "metadata": {"name": "portal"},
        "grantMethod": "prompt",
        "redirectURIs": ["https://portal.example.com/callback"],
    }

    assert clients.create(body).redirectURIs == ["https://portal.example.com/callback"]
    with refused(422, "grantMethod"):
        clients.create({**body, "metadata": {"name": "other"}, "grantMethod": "always"})


def test_a_project_is_a_view_of_a_namespace(dynamic, ns):
    projects = dynamic.resources.get(api_version="project.openshift.io/v1", kind="Project")

    assert projects.get(name=ns).status.phase == "Active"
    assert ns in {each.metadata.name for each in projects.get().items}


def test_requesting_a_project_makes_its_namespace(fake, dynamic, core):
    requests = dynamic.resources.get(api_version="project.openshift.io/v1", kind="ProjectRequest")
    body = {"apiVersion": "project.openshift.io/v1", "kind": "ProjectRequest", "metadata": {"name": "asked-for"}}

    requests.create({**body, "displayName": "Asked for"})

    annotations = core.read_namespace("asked-for").metadata.annotations
    assert annotations["openshift.io/display-name"] == "Asked for"
    assert annotations["openshift.io/requester"] == "kube:admin"


def test_routes_are_printed_with_the_columns_of_their_definition(dynamic, routes, ns):
    routes.create(route("web", host="one.example.com"), namespace=ns)
    admission(routes, ns, "web")

    answer = dynamic.request(
        "GET",
        f"/apis/route.openshift.io/v1/namespaces/{ns}/routes",
        header_params={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"},
        serialize=False,
    )

    table = json.loads(answer.data)
    printed = dict(zip([each["name"] for each in table["columnDefinitions"]], table["rows"][0]["cells"], strict=True))
    assert (printed["Host"], printed["Admitted"], printed["Service"]) == ("one.example.com", "True", "web")


def test_the_caller_learns_who_they_are(fake, core):
    kubeconfig = fake.add_user("student", groups=["lab"])

    with config.new_client_from_config(kubeconfig) as api:
        users = DynamicClient(api).resources.get(api_version="user.openshift.io/v1", kind="User")
        me = users.get(name="~")

    assert (me.metadata.name, me.groups) == ("student", ["lab"])


def test_a_pod_runs_under_the_ids_of_its_namespace(core, ns):
    wait_until(core.list_namespaced_service_account, ns, holds=lambda each: each.metadata.name == "default")

    made = core.create_namespaced_pod(ns, pod("web"))

    first = int(core.read_namespace(ns).metadata.annotations["openshift.io/sa.scc.uid-range"].partition("/")[0])
    assert made.spec.security_context.fs_group == first
    assert made.spec.containers[0].security_context.run_as_user == first
    assert made.metadata.annotations["openshift.io/scc"] == "restricted-v2"


@pytest.mark.parametrize(
    ("pod_context", "container_context", "word"),
    [
        ({"fsGroup": 999}, {}, "999 is not an allowed group"),
        ({"runAsUser": 0}, {}, "runAsUser: Invalid value: 0: must be in the ranges"),
        ({}, {"runAsUser": 999}, "runAsUser: Invalid value: 999: must be in the ranges"),
        ({}, {"privileged": True}, "Privileged containers are not allowed"),
        ({}, {"capabilities": {"add": ["NET_ADMIN"]}}, "capability may not be added"),
    ],
)
def test_the_restricted_constraint_refuses(core, ns, pod_context, container_context, word):
    wait_until(core.list_namespaced_service_account, ns, holds=lambda each: each.metadata.name == "default")
    body = pod("web", securityContext=container_context)
    body["spec"]["securityContext"] = pod_context

    with refused(403, "unable to validate against any security context constraint", word):
        core.create_namespaced_pod(ns, body)


def test_in_the_strict_mode_the_workload_itself_is_refused(fake, apps, ns):
    fake.switch(security_context_constraints="templates")

    with refused(403, "must be in the ranges"):
        apps.create_namespaced_deployment(ns, deployment("web", securityContext={"runAsUser": 0}))
