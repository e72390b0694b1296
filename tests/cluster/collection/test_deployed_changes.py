"""What a running instance goes through: an upgrade whose play dies in the middle, and a rolling update under load."""

import io
import subprocess
import tarfile
import threading
import time

import pytest
from collection_support import IMAGE, ROOT
from deployed_support import ANSWER, CHAT_COSTS, DOMAIN, running_site
from killing import kill

from cluster.node import isolation

PREVIOUS = "6795d52223bb6e293219a2fbdcf58d8f8b177231"
API = f"https://litellm-rhpds.{DOMAIN}"
DEADLINE_SECONDS = 120
CALL_EVERY_SECONDS = 0.2

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(bool(isolation.obstacle()), reason=isolation.obstacle()),
]


@pytest.fixture
def previous(tmp_path):
    """The folder of an earlier state of this repository, the first that was deployed."""
    git = ["git", "archive", PREVIOUS, "galaxy.yml", "meta", "playbooks", "plugins", "roles", "src"]
    archive = subprocess.run(git, cwd=ROOT, capture_output=True, check=False)
    if archive.returncode != 0:
        pytest.skip("the history of this clone does not reach back to the previous version")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path / "previous", filter="tar")
    return tmp_path / "previous"


def test_an_upgrade_that_is_killed_and_run_again_keeps_keys_spend_and_passwords(fake, tmp_path, previous):
    with running_site(fake, tmp_path, {"previous": previous / "src"}) as site:
        site.deploy(playbook=str(previous / "playbooks" / "deploy_litemaas.yml"), image=f"{IMAGE}:previous")
        secrets = {name: site.secret(name) for name in ("litellm-secret", "postgres-secret")}
        client, master_key = site.client(), site.master_key()
        order = {"key_alias": "kept", "models": ["granite"], "max_budget": 5}
        _status, _headers, issued = client.send(f"{API}/key/generate", order, Authorization=f"Bearer {master_key}")
        assert client.chat(API, issued["key"]) == (200, ANSWER)
        wait_for_spend(client, issued["key"], CHAT_COSTS)
        kill_after_the_first_change(site)
        site.deploy()
        assert {name: site.secret(name) for name in secrets} == secrets
        assert client.chat(API, issued["key"]) == (200, ANSWER)
        wait_for_spend(client, issued["key"], 2 * CHAT_COSTS)
        assert site.deploy().changed == 0


def test_a_rolling_update_breaks_no_chat(fake, tmp_path):
    with running_site(fake, tmp_path) as site:
        site.deploy(litellm_replicas=2)
        client, key, answers, over = site.client(), site.master_key(), [], threading.Event()

        def chat_on():
            while not over.wait(CALL_EVERY_SECONDS):
                answers.append(client.chat(API, key))

        caller = threading.Thread(target=chat_on)
        caller.start()
        try:
            before = site.names("v1", "Pod", "litemaas")
            assert site.deploy(litellm_replicas=2, litellm_ui_password="RedHat2025!").changed > 0
        finally:
            over.set()
            caller.join()
        assert before & site.names("v1", "Pod", "litemaas") == {"postgres-0"}
        assert set(answers) == {(200, ANSWER)}


def wait_for_spend(client, key, amount):
    """Wait until a key's own view of its spend is complete."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        _status, _headers, answer = client.send(f"{API}/key/info", Authorization=f"Bearer {key}")
        if answer["info"]["spend"] == amount:
            return
        assert time.monotonic() < deadline, answer


def kill_after_the_first_change(site):
    """Begin the play, and kill it as soon as the cluster has taken one of its changes."""
    site.fake.forget_requests()
    process = site.begin(verify=True)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not site.fake.requests()["by_verb"].get("apply"):
        assert time.monotonic() < deadline
        assert process.poll() is None
    kill(process)
