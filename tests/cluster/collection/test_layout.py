from ansible_collections.rhpds.litemaas.plugins.module_utils import instances

DOMAIN = "apps.cluster.example"


def test_a_single_instance_has_the_documented_hosts():
    one = instances.single("litemaas", DOMAIN, "rhpds")
    assert one["admin_url"] == "https://litellm-admin.apps.cluster.example"
    assert one["api_url"] == "https://litellm-rhpds.apps.cluster.example"
    assert one["frontend_url"] == "https://litellm-frontend.apps.cluster.example"


def test_a_host_that_is_set_replaces_the_computed_one():
    one = instances.single("litemaas", DOMAIN, "rhpds", {"admin": "ai.example", "api": "", "frontend": ""})
    assert one["admin_url"] == "https://ai.example"
    assert one["redirect_uris"][0] == "https://ai.example/api/auth/callback"
    assert one["api_host"] == "litellm-rhpds.apps.cluster.example"


def test_each_lab_user_has_a_namespace_and_hosts_of_their_own():
    users = instances.lab("user", 20, DOMAIN, "rhpds")
    assert [one["namespace"] for one in users] == [f"litemaas-user{number}" for number in range(1, 21)]
    assert users[1]["admin_host"] == "litellm-admin-user2.apps.cluster.example"
    assert users[1]["api_host"] == "litellm-user2-rhpds.apps.cluster.example"
    assert users[1]["frontend_host"] == "litellm-frontend-user2.apps.cluster.example"


def test_twenty_users_have_forty_redirect_uris():
    uris = [uri for one in instances.lab("user", 20, DOMAIN, "rhpds") for uri in one["redirect_uris"]]
    assert len(set(uris)) == 40
