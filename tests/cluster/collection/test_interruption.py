"""Runs that are killed, that meet one another, or that lose their watch: all end in the same state."""

import time

import pytest
from killing import kill

DEADLINE_SECONDS = 60


# In a namespace, between the Secrets of one user, between the objects of the first and of the last user.
@pytest.mark.parametrize("writes", [1, 5, 12, 22])
def test_a_run_that_is_killed_is_mended_by_the_next(site, writes):
    begin_and_kill(site, lambda: applied(site) + created_secrets(site) >= writes, wait=False)
    kept = {name: site.secret("postgres-secret", name) for name in namespaces_with_secrets(site)}
    again = site.play(multi_user=True, num_users=2)
    assert again.code == 0, again.failure
    assert {name: site.secret("postgres-secret", name) for name in kept} == kept
    assert site.play(multi_user=True, num_users=2).changed == 0


def test_a_removal_that_is_killed_is_finished_by_the_next_which_waits_for_what_is_going(site):
    site.play(multi_user=True, num_users=2, oauth_enabled=True)
    site.fake.switch(namespace_deletion_seconds=8)
    site.fake.forget_requests()
    begin_and_kill(site, lambda: site.fake.requests()["by_verb"].get("delete"), remove=True)
    again = site.play(multi_user=True, num_users=2, remove=True)
    assert again.code == 0, again.failure
    assert site.namespaces() == set()
    assert site.names("oauth.openshift.io/v1", "OAuthClient") == set()


def begin_and_kill(site, due, **variables):
    """Begin a run for two lab users on a slow cluster, and kill it as soon as it is due."""
    site.fake.switch(latency_seconds=0.05)
    process = site.begin(multi_user=True, num_users=2, concurrency=1, **variables)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not due():
        assert time.monotonic() < deadline
        assert process.poll() is None
    kill(process)
    site.fake.switch(latency_seconds=0)


def applied(site):
    """Number of objects that were applied."""
    return sum(site.fake.requests()["by_verb"].get("apply", {}).values())


def created_secrets(site):
    """Number of Secrets that were made."""
    return site.fake.requests()["by_verb"].get("create", {}).get("secrets", 0)


def namespaces_with_secrets(site):
    found = site.list("v1", "Secret")
    return {one["metadata"]["namespace"] for one in found if one["metadata"]["name"] == "postgres-secret"}


def test_two_runs_at_once_agree_on_the_credentials(site):
    processes = [site.begin(oauth_enabled=True) for _run in range(2)]
    for process in processes:
        output, _nothing = process.communicate()
        assert process.returncode == 0, output
    assert site.user_data()["litemaas_password"] == site.secret("litellm-secret")["UI_PASSWORD"]
    assert site.play(oauth_enabled=True).changed == 0


def test_two_deployments_at_once_lose_no_redirect_uri(site):
    processes = [
        site.begin(oauth_enabled=True, wait=False),
        site.begin(oauth_enabled=True, wait=False, multi_user=True, num_users=3),
    ]
    for process in processes:
        output, _nothing = process.communicate()
        assert process.returncode == 0, output
    assert len(site.redirect_uris()) == 8


def test_a_watch_whose_history_is_gone_begins_anew(site):
    site.fake.roll_out("Never", name="litellm")
    process = site.begin(give_up_after=60)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not site.fake.requests()["by_verb"].get("watch"):
        assert time.monotonic() < deadline
        assert process.poll() is None
    site.fake.compact()
    site.fake.roll_out_normally()
    output, _nothing = process.communicate()
    assert process.returncode == 0, output
