"""A single instance, from the first run to its removal."""


def test_a_plain_run_deploys_database_and_gateway(site):
    play = site.play()
    assert play.code == 0, play.failure
    assert site.namespaces() == {"litemaas"}
    assert site.names("apps/v1", "Deployment", "litemaas") == {"litellm"}
    assert site.names("apps/v1", "StatefulSet", "litemaas") == {"postgres"}
    hosts = {
        one["metadata"]["name"]: one["spec"]["host"] for one in site.list("route.openshift.io/v1", "Route", "litemaas")
    }
    assert hosts == {
        "litemaas": "litellm-admin.apps.cluster.example.com",
        "litellm": "litellm-rhpds.apps.cluster.example.com",
    }
    assert {"LITELLM_MASTER_KEY", "UI_USERNAME", "UI_PASSWORD", "LITEMAAS_SALT_KEY"} == set(
        site.secret("litellm-secret")
    )
    (pod,) = [
        one for one in site.list("v1", "Pod", "litemaas") if one["metadata"]["labels"]["app"] == "litemaas-postgres"
    ]
    assert pod["metadata"]["name"] == "postgres-0"


def test_the_play_ends_with_the_instances_and_user_info_but_shows_no_secret(site):
    play = site.play()
    assert play.last["instances"] == [
        {
            "namespace": "litemaas",
            "admin_url": "https://litellm-admin.apps.cluster.example.com",
            "api_url": "https://litellm-rhpds.apps.cluster.example.com",
            "frontend_url": "https://litellm-admin.apps.cluster.example.com",
            "changed": True,
            "error": "",
        }
    ]
    for secret in ("litellm-secret", "postgres-secret", "backend-secret"):
        for key, value in site.secret(secret).items():
            assert key == "UI_USERNAME" or value not in play.output
    data, secret = site.user_data(), site.secret("litellm-secret")
    assert data["litellm_admin_password"] == secret["UI_PASSWORD"]
    assert data["litemaas_api_key"] == secret["LITELLM_MASTER_KEY"]
    assert data["litellm_admin_url"] == "https://litellm-admin.apps.cluster.example.com"
    assert f"admin / {secret['UI_PASSWORD']}" in (site.folder / "provision-user-info.yaml").read_text()


def test_a_second_run_changes_nothing(site):
    site.play()
    before = site.secret("litellm-secret")
    play = site.play()
    assert play.code == 0, play.failure
    assert play.changed == 0
    assert play.last["instances"][0]["changed"] is False
    assert site.secret("litellm-secret") == before


def test_check_mode_changes_nothing_and_shows_what_would_be(site):
    play = site.play("--check", "--diff")
    assert play.code == 0, play.failure
    assert play.changed > 0
    assert site.namespaces() == set()
    objects = [
        name for result in play.results for one in result.get("instances", []) for name in one.get("objects", [])
    ]
    assert "Deployment litellm" in objects
    assert not (site.folder / "provision-user-data.yaml").exists()


def test_check_mode_tells_the_same_diff_as_the_run(site):
    site.play()
    checked = site.play("--check", "--diff", litellm_replicas=3)
    done = site.play("--diff", litellm_replicas=3)
    assert diffs(checked) == diffs(done)
    assert "replicas: 3" in str(diffs(done))
    assert len(diffs(done)) == 1


def diffs(play):
    return [diff for result in play.results for diff in result.get("diff") or [] if "before_header" in diff]


def test_removal_leaves_nothing_and_again_changes_nothing(site):
    site.play(oauth_enabled=True)
    assert len(site.redirect_uris()) == 2
    play = site.play(remove=True)
    assert play.code == 0, play.failure
    assert site.namespaces() == set()
    assert site.names("oauth.openshift.io/v1", "OAuthClient") == set()
    assert site.play(remove=True).changed == 0


def test_what_a_change_of_mode_drops_is_deleted(site):
    site.play(oauth_enabled=True, deploy_redis=True)
    play = site.play()
    assert play.code == 0, play.failure
    assert site.names("apps/v1", "Deployment", "litemaas") == {"litellm"}
    assert site.names("apps/v1", "StatefulSet", "litemaas") == {"postgres"}
    assert site.names("route.openshift.io/v1", "Route", "litemaas") == {"litemaas", "litellm"}
    assert site.play().changed == 0


def test_a_given_password_wins_and_restarts_the_gateway_but_not_the_database(site):
    site.play()
    before = checksums(site)
    play = site.play(litellm_ui_password="RedHat2025!")
    assert play.changed > 0
    assert site.secret("litellm-secret")["UI_PASSWORD"] == "RedHat2025!"
    after = checksums(site)
    assert after["litellm"] != before["litellm"]
    assert after["postgres"] == before["postgres"]


def test_a_credential_is_rotated_only_when_asked(site):
    site.play()
    before = site.secret("litellm-secret")
    site.play(rotate=["LITELLM_MASTER_KEY"])
    after = site.secret("litellm-secret")
    assert after["LITELLM_MASTER_KEY"] != before["LITELLM_MASTER_KEY"]
    assert after["UI_PASSWORD"] == before["UI_PASSWORD"]


def checksums(site):
    workloads = site.list("apps/v1", "Deployment", "litemaas") + site.list("apps/v1", "StatefulSet", "litemaas")
    return {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["annotations"]["litemaas.io/credentials"]
        for one in workloads
    }
