"""What a lab user's pods hold of a machine stays below what they ask of it: a lab fits where its requests do."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from deployed_support import ANSWER, DOMAIN, running_site

from cluster.node import isolation

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(isolation.obstacle()), reason=isolation.obstacle()),
]
MEBIBYTE = 1024 * 1024
CHATS = 200
AT_ONCE = 8


def test_each_container_of_a_lab_user_stays_within_its_request(fake, tmp_path):
    with running_site(fake, tmp_path) as site:
        site.deploy(multi_user=True, num_users=1, oauth_enabled=True)
        site.let_in(user1=[])
        idle = held(site)
        _browser, sent_to, _session = site.log_in(f"https://litellm-frontend-user1.{DOMAIN}", "user1")
        assert sent_to == "/ui/"
        client, key = site.client(), site.master_key("litemaas-user1")
        with ThreadPoolExecutor(AT_ONCE) as people:
            api = f"https://litellm-user1-rhpds.{DOMAIN}"
            answers = list(people.map(lambda _number: client.chat(api, key), range(CHATS)))
        used = held(site)
        asked = requests(site)
    assert set(answers) == {(200, ANSWER)}
    assert idle.keys() == used.keys() == asked.keys()
    assert {name: used[name] for name in asked if max(idle[name], used[name]) > asked[name]} == {}


def held(site):
    """MiB that each container of the lab user holds."""
    return {name: round(size / MEBIBYTE) for (_namespace, name), size in site.node.memory().items()}


def requests(site):
    """MiB that each container of the lab user asks for."""
    workloads = site.list("apps/v1", "Deployment") + site.list("apps/v1", "StatefulSet")
    containers = [one for each in workloads for one in each["spec"]["template"]["spec"]["containers"]]
    return {one["name"]: int(one["resources"]["requests"]["memory"].removesuffix("Mi")) for one in containers}
