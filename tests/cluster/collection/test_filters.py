import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.rhpds.litemaas.plugins.filter.outcomes import outcomes
from ansible_collections.rhpds.litemaas.plugins.filter.outline import outline
from ansible_collections.rhpds.litemaas.plugins.filter.service_file import service_file
from ansible_collections.rhpds.litemaas.plugins.filter.summary import summary
from ansible_collections.rhpds.litemaas.plugins.filter.user_info import user_info
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances

VALUES = {"UI_USERNAME": "admin", "UI_PASSWORD": "secret", "LITELLM_MASTER_KEY": "sk-1"}


def lab(count, prefix="user"):
    return [
        dict(one, values=VALUES, changed=True, error="") for one in instances.lab(prefix, count, "x.example", "rhpds")
    ]


def single():
    return [dict(instances.single("litemaas", "x.example", "rhpds"), values=VALUES, changed=True, error="")]


def test_an_instance_changed_if_any_step_changed_it_and_keeps_its_first_error():
    steps = [
        [{"namespace": "a", "changed": True}, {"namespace": "b", "changed": False, "error": "quota"}],
        [{"namespace": "a", "changed": False, "checksum": "1"}, {"namespace": "b", "error": "later"}],
        None,
    ]
    first, second = outcomes([{"namespace": "a"}, {"namespace": "b"}], steps)
    assert first == {"namespace": "a", "changed": True, "error": "", "checksum": "1"}
    assert second["error"] == "quota"


def test_a_lab_gives_numbered_variables_for_all_and_plain_ones_for_each_user():
    info = user_info(lab(2), frontend=True)
    assert info["data"]["litemaas_user2_url"] == "https://litellm-user2-rhpds.x.example"
    assert info["data"]["litemaas_user2_admin_url"] == "https://litellm-admin-user2.x.example"
    assert info["data"]["litemaas_user2_frontend_url"] == "https://litellm-frontend-user2.x.example"
    assert info["users"]["user1"]["litemaas_password"] == "secret"
    assert info["users"]["user1"]["litemaas_namespace"] == "litemaas-user1"


def test_numbered_variables_keep_their_numbers_when_a_user_has_failed():
    info = user_info(lab(3)[::2])
    assert "litemaas_user2_url" not in info["data"]
    assert info["data"]["litemaas_user3_namespace"] == "litemaas-user3"


def test_numbered_variables_keep_their_names_under_another_prefix():
    info = user_info(lab(1, "student"))
    assert info["data"]["litemaas_user1_username"] == "admin"
    assert list(info["users"]) == ["student1"]


def test_a_single_instance_gives_the_names_of_every_generation():
    info = user_info(single(), {"cloud_provider": "aws"})
    assert info["data"]["litellm_admin_url"] == info["data"]["litemaas_admin_url"] == "https://litellm-admin.x.example"
    assert info["data"]["litellm_api_endpoint"] == info["data"]["litemaas_url"] == "https://litellm-rhpds.x.example"
    assert info["data"]["litemaas_frontend_url"] == "https://litellm-admin.x.example"
    assert info["data"]["litemaas_admin_api_key"] == info["data"]["litemaas_api_key"] == "sk-1"
    assert info["data"]["cloud_provider"] == "aws"
    assert info["users"] == {}


def test_the_summary_tells_how_to_read_the_password_but_not_the_password():
    lines = "\n".join(summary(single(), "admin"))
    assert "oc get secret litellm-secret -n litemaas -o jsonpath='{.data.UI_PASSWORD}' | base64 -d" in lines
    assert "secret\n" not in lines
    assert "sk-1" not in lines


def test_an_outline_holds_no_credentials():
    (one,) = outline(single())
    assert set(one) == {"namespace", "admin_url", "api_url", "frontend_url", "changed", "error"}


def test_a_database_url_becomes_a_service_file_that_says_the_same():
    url = "postgresql://lite%40maas:p%2Fw@db.example:6432/main?sslmode=verify-full&application_name=x"
    assert service_file(url, "litemaas").splitlines() == [
        "[litemaas]",
        "host=db.example",
        "port=6432",
        "user=lite@maas",
        "password=p/w",
        "dbname=main",
        "sslmode=verify-full",
        "application_name=x",
    ]


def test_a_database_url_cannot_add_lines_to_its_service_file():
    with pytest.raises(AnsibleFilterError, match="line break"):
        service_file("postgresql://u:p%0Ahost=evil@db.example/x", "litemaas")
