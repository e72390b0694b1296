"""Deployed means that a chat went through: every mode of the collection, its pods run as real processes."""

import pytest
from deployed_support import ANSWER, DOMAIN, running_site

from cluster.node import isolation

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(bool(isolation.obstacle()), reason=isolation.obstacle()),
]
API = f"https://litellm-rhpds.{DOMAIN}"
ADMIN = f"https://litellm-admin.{DOMAIN}"
FRONTEND = f"https://litellm-frontend.{DOMAIN}"


@pytest.fixture
def site(fake, tmp_path):
    with running_site(fake, tmp_path) as deployed:
        yield deployed


def test_a_single_instance_answers_a_chat_and_its_programs_end_well(site):
    site.deploy()
    client, key = site.client(), site.master_key()
    assert client.chat(API, key) == (200, ANSWER)
    assert client.chat(ADMIN, key) == (200, ANSWER)
    assert client.chat(API, "sk-somebody-elses")[0] == 401
    assert site.deploy().changed == 0
    removed = site.play(remove=True)
    assert removed.code == 0, removed.failure
    assert site.namespaces() == set()
    site.node.wait_until_empty()
    assert {container: code for (_namespace, _pod, container), code in site.node.exit_codes.items()} == {
        "litellm": 0,
        "postgres": 0,
    }


def test_each_lab_user_chats_with_their_own_key_and_with_no_other(site):
    site.deploy(multi_user=True, num_users=2)
    client = site.client()
    for number, other in ((1, 2), (2, 1)):
        key = site.master_key(f"litemaas-user{number}")
        assert client.chat(f"https://litellm-user{number}-rhpds.{DOMAIN}", key) == (200, ANSWER)
        assert client.chat(f"https://litellm-user{other}-rhpds.{DOMAIN}", key)[0] == 401


def test_lab_users_log_in_through_openshift_and_enter_their_own_instance_only(site):
    site.deploy(multi_user=True, num_users=2, oauth_enabled=True)
    site.let_in(user1=[], user2=[])
    own, frontend = (f"https://litellm-{host}-user1.{DOMAIN}" for host in ("admin", "frontend"))
    browser, sent_to, session = site.log_in(own, "user1")
    assert (sent_to, session["user"] and session["user"]["role"]) == ("/ui/", "admin")
    _browser, sent_to, session = site.log_in(own, "user2")
    assert (sent_to, session["user"]) == ("/ui/login?error=refused", None)
    _browser, sent_to, session = site.log_in(frontend, "user1")
    assert (sent_to, session["user"]["id"]) == ("/ui/", "user1")
    key = issue_key(browser, own)
    assert browser.chat(f"https://litellm-user1-rhpds.{DOMAIN}", key) == (200, ANSWER)


def test_three_replicas_share_keys_and_sessions(site):
    site.deploy(playbook="deploy_litemaas_ha.yml", oauth_enabled=True, ha_litellm_replicas=3)
    site.let_in(ada=[])
    browser, sent_to, session = site.log_in(FRONTEND, "ada")
    assert (sent_to, session["user"]["id"]) == ("/ui/", "ada")
    for _backend in range(2):
        assert browser.send(f"{FRONTEND}/api/session")[2]["user"]["id"] == "ada"
    assert site.client().send(f"{FRONTEND}/healthz")[0] == 200
    key = issue_key(browser, FRONTEND)
    for _gateway in range(3):
        assert browser.chat(API, key) == (200, ANSWER)
    ready = [one for one in site.list("v1", "Endpoints", "litemaas") if one["metadata"]["name"] == "litellm"]
    assert len(ready[0]["subsets"][0]["addresses"]) == 3


def issue_key(browser, url):
    """A virtual key that somebody who is logged in gives themselves."""
    csrf_token = browser.send(f"{url}/api/session")[2]["csrf_token"]
    status, _headers, issued = browser.send(
        f"{url}/api/keys", {"alias": "mine", "models": ["granite"]}, **{"X-CSRF-Token": csrf_token}
    )
    assert status == 200, issued
    return issued["key"]
