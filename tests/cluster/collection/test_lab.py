"""Labs: one isolated instance for each user."""


def test_each_user_gets_an_instance_with_a_password_of_their_own_and_progress_is_shown(site):
    play = site.play(multi_user=True, num_users=3)
    assert play.code == 0, play.failure
    assert site.namespaces() == {"litemaas-user1", "litemaas-user2", "litemaas-user3"}
    assert "litemaas-user1: ready" in play.output
    assert "(3 of 3)" in play.output
    passwords = {site.secret("litellm-secret", name)["UI_PASSWORD"] for name in site.namespaces()}
    assert len(passwords) == 3
    data = site.user_data()
    assert data["litemaas_user2_password"] == site.secret("litellm-secret", "litemaas-user2")["UI_PASSWORD"]
    assert data["users"]["user2"]["litemaas_url"] == "https://litellm-user2-rhpds.apps.cluster.example.com"
    assert site.play(multi_user=True, num_users=3).changed == 0


def test_a_common_password_is_everyones(site):
    site.play(multi_user=True, num_users=2, multi_user_common_password="RedHat2025!")
    assert {site.secret("litellm-secret", name)["UI_PASSWORD"] for name in site.namespaces()} == {"RedHat2025!"}


def test_a_lab_user_costs_at_most_one_and_a_half_requests_for_each_object(site):
    users = 10
    site.fake.forget_requests()
    play = site.play(multi_user=True, num_users=users, oauth_enabled=True)
    assert play.code == 0, play.failure
    requests = site.fake.requests()["total"]
    kinds = [
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("v1", "Service"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "Deployment"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("route.openshift.io/v1", "Route"),
    ]
    ours = "rhpds.litemaas"
    objects = users + sum(
        1
        for kind in kinds
        for one in site.list(*kind)
        if one["metadata"].get("labels", {}).get("app.kubernetes.io/managed-by") == ours
    )
    assert requests <= 1.5 * objects


def test_oauth_registers_two_uris_for_each_user_and_keeps_those_of_others(site):
    theirs = "https://litellm-admin.elsewhere.example/api/auth/callback"
    site.create(
        {
            "apiVersion": "oauth.openshift.io/v1",
            "kind": "OAuthClient",
            "metadata": {"name": "litemaas-rhpds"},
            "grantMethod": "prompt",
            "secret": "theirs",
            "redirectURIs": [theirs],
        }
    )
    play = site.play(multi_user=True, num_users=20, oauth_enabled=True, wait=False)
    assert play.code == 0, play.failure
    assert len(site.redirect_uris()) == 41
    assert theirs in site.redirect_uris()
    assert site.secret("backend-secret", "litemaas-user7")["OAUTH_CLIENT_SECRET"] == "theirs"
    removed = site.play(multi_user=True, num_users=20, remove=True)
    assert removed.code == 0, removed.failure
    assert site.redirect_uris() == [theirs]
    assert site.namespaces() == set()


def test_one_failed_user_does_not_stop_the_others_and_a_second_run_mends_it(site):
    site.fake.control(
        "POST", "/rollouts", {"outcome": "ImagePullBackOff", "namespace": "litemaas-user2", "name": "litellm"}
    )
    play = site.play(multi_user=True, num_users=3)
    assert play.code != 0
    assert play.last["msg"].startswith("1 of 3 instances failed. litemaas-user2: Pod litellm-")
    assert "ImagePullBackOff" in play.last["msg"]
    assert set(site.user_data()["users"]) == {"user1", "user3"}
    password = site.secret("litellm-secret", "litemaas-user2")["UI_PASSWORD"]
    site.fake.roll_out_normally()
    again = site.play(multi_user=True, num_users=3)
    assert again.code == 0, again.failure
    assert site.secret("litellm-secret", "litemaas-user2")["UI_PASSWORD"] == password


def test_a_removal_of_fewer_users_names_those_who_stay(site):
    site.play(multi_user=True, num_users=3, wait=False)
    removed = site.play(multi_user=True, num_users=2, remove=True)
    assert removed.code == 0, removed.failure
    assert removed.last["msg"] == [
        "2 of 2 namespaces cleared.",
        "Instances of other lab users stay: litemaas-user3.",
    ]
    assert site.namespaces() == {"litemaas-user3"}
