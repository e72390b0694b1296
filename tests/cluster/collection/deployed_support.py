"""A cluster whose pods run, and the ways to it: a client of the API, and a browser."""

import base64
import http.cookiejar
import json
import ssl
import urllib.error
import urllib.request
from contextlib import contextmanager

from collection_support import Site
from gateway_support import certificate_for

from cluster.node.node import MODEL_URL, Node

DOMAIN = "apps.cluster.example.com"
MODEL = {
    "model_name": "granite",
    "model": "openai/upstream-name",
    "api_base": MODEL_URL,
    "api_key": "unused",
    "input_cost_per_token": "0.01",
    "output_cost_per_token": "0.02",
}
CHAT_COSTS = 0.25  # the model says that it has read 11 tokens and written 7
ANSWER = "Good day."
SECRET = "secret of the OAuthClient"  # the login of the tests knows no other
_PATIENCE_SECONDS = 30


class Client:
    """Calls the cluster's hosts as somebody outside does: through its router, trusting its authority."""

    def __init__(self, environment, authority, cookies=None):
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": environment["HTTPS_PROXY"]}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=authority)),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar() if cookies is None else cookies),
            _Stay(),
        )

    def send(self, url, body=None, **headers):
        """One request; answers status, headers and the decoded body."""
        request = urllib.request.Request(
            url, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        )
        try:
            with self._opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
                return answer.status, answer.headers, _decoded(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, _decoded(error.read())

    def chat(self, url, key, model=MODEL["model_name"]):
        """One chat; returns its status, and what the model said or why there is nothing."""
        question = {"model": model, "messages": [{"role": "user", "content": "Hello?"}]}
        status, _headers, answer = self.send(f"{url}/v1/chat/completions", question, Authorization=f"Bearer {key}")
        return status, answer["choices"][0]["message"]["content"] if "choices" in answer else answer["error"]["message"]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        """Show redirects instead of following them."""


def _decoded(body):
    try:
        return json.loads(body)
    except ValueError:
        return body


class Deployed(Site):
    """A site whose pods are real processes on a node."""

    def __init__(self, fake, folder, node, authority):
        super().__init__(fake, folder)
        self.node = node
        self.authority = authority
        self.environment = node.environment

    def client(self):
        return Client(self.environment, self.authority)

    def deploy(self, *arguments, **variables):
        """Run the play as operators do: wait for the pods, and ask the gateways through their Routes."""
        stated = {"verify": True, "models": [MODEL], "wait_timeout": 300, "give_up_after": 150}
        play = self.play(*arguments, **{**stated, "oauth_client_secret": SECRET, **variables})
        assert play.code == 0, play.failure
        return play

    def let_in(self, **people):
        """Open OpenShift's login for people with their groups."""
        self.node.let_in(people, self.redirect_uris())

    def master_key(self, namespace="litemaas"):
        return self.secret("litellm-secret", namespace)["LITELLM_MASTER_KEY"]

    def log_in(self, url, name):
        """Log in through OpenShift as `name`; returns the client, where it was sent, and its session."""
        browser = self.client()
        _status, headers, _body = browser.send(f"{url}/api/auth/login/openshift")
        credentials = "Basic " + _base64(f"{name}:any")
        _status, headers, _body = browser.send(headers["location"], Authorization=credentials)
        _status, headers, _body = browser.send(headers["location"])
        return browser, headers["location"], browser.send(f"{url}/api/session")[2]


def _base64(text):
    return base64.b64encode(text.encode()).decode()


@contextmanager
def running_site(fake, folder, sources=None):
    """A cluster as new with a node, whose router has a certificate of an authority that only the cluster knows."""
    hosts = [f"*.{DOMAIN}", "kubernetes.default.svc"]
    authority, certificate = certificate_for(hosts, folder)
    with Node(fake, folder / "node", certificate, sources) as node:
        site = Deployed(fake, folder, node, authority)
        namespace = "openshift-config-managed"
        site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        metadata = {"name": "default-ingress-cert", "namespace": namespace}
        site.create(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"ca-bundle.crt": authority}}
        )
        yield site
