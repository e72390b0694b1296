"""A backup and a restore as an operator does them: the CronJob's own pod dumps, the play restores, people go on."""

import time

import pytest
from deployed_support import ANSWER, CHAT_COSTS, DOMAIN, running_site

from cluster.node import isolation

API = f"https://litellm-rhpds.{DOMAIN}"
DEADLINE_SECONDS = 60

pytestmark = [
    pytest.mark.timeout(500),
    pytest.mark.skipif(bool(isolation.obstacle()), reason=isolation.obstacle()),
]


def test_a_restore_by_the_play_brings_back_what_was_dumped_and_nothing_later(fake, tmp_path):
    with running_site(fake, tmp_path) as site:
        site.deploy(backup_enabled=True)
        client = site.client()
        kept = issue(site, client, "kept")
        assert client.chat(API, kept) == (200, ANSWER)
        wait_until(lambda: spend(client, kept) == CHAT_COSTS)
        back_up(site)
        later = issue(site, client, "later")
        assert client.chat(API, later) == (200, ANSWER)
        assert client.chat(API, kept) == (200, ANSWER)
        wait_until(lambda: spend(client, kept) == 2 * CHAT_COSTS)

        site.deploy(backup_enabled=True, restore="latest")
        assert spend(client, kept) == CHAT_COSTS
        assert client.chat(API, kept) == (200, ANSWER)
        assert client.chat(API, later)[0] == 401


def issue(site, client, alias):
    order, key = {"key_alias": alias, "models": ["granite"]}, site.master_key()
    return client.send(f"{API}/key/generate", order, Authorization=f"Bearer {key}")[2]["key"]


def spend(client, key):
    return client.send(f"{API}/key/info", Authorization=f"Bearer {key}")[2]["info"]["spend"]


def back_up(site):
    """What `oc create job --from=cronjob/litemaas-backup` does, until the job has ended."""
    (cron_job,) = site.list("batch/v1", "CronJob", "litemaas")
    metadata = {"name": "litemaas-backup-now", "namespace": "litemaas"}
    spec = cron_job["spec"]["jobTemplate"]["spec"]
    site.create({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec})
    wait_until(lambda: all(job["status"].get("succeeded") for job in site.list("batch/v1", "Job", "litemaas")))


def wait_until(holds):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
