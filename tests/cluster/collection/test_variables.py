import re

import pytest
import yaml
from collection_support import ROLE

DEFAULTS = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
OPTIONS = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]

# The variables and defaults of both READMEs that this collection answers for.
SEEDS = {
    "namespace": "litemaas",
    "version": "0.2.0",
    "cloud_provider": "",
    "multi_user": False,
    "user_prefix": "user",
    "multi_user_common_password": "",
    "oauth_enabled": False,
    "oauth_provider": "openshift",
    "oauth_client_id": "litemaas-rhpds",
    "ha_enabled": False,
    "ha_litellm_replicas": 2,
    "ha_enable_redis": True,
    "ha_enable_postgres": True,
    "postgres_storage_class": "",
    "postgres_storage_size": "10Gi",
    "litellm_replicas": 1,
    "deploy_redis": False,
    "redis_storage_size": "5Gi",
    "redis_memory_limit": "512Mi",
    "redis_cpu_limit": "500m",
}


def test_every_variable_is_documented_and_nothing_else():
    assert list(DEFAULTS) == list(OPTIONS)


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_documented_default_is_the_one_that_applies(name):
    follows = re.fullmatch(r"{{ (\w+) }}", str(DEFAULTS[name]))  # another variable, which documentation cannot evaluate
    if follows:
        assert f"by default as O({follows[1]}) says." in OPTIONS[name]["description"]
    else:
        assert OPTIONS[name]["default"] == DEFAULTS[name]
    assert OPTIONS[name]["description"].endswith(".")


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_variables_have_the_seeds_defaults(name):
    assert DEFAULTS[f"ocp4_workload_litemaas_{name}"] == SEEDS[name]


def test_secrets_are_marked_as_such():
    secret = {name for name, option in OPTIONS.items() if option.get("no_log")}
    endings = re.compile(r"(password|_key|client_secret|database_url|otlp_headers)$")
    looks_secret = {name for name in DEFAULTS if endings.search(name)}
    assert secret == looks_secret


def test_every_variable_is_used():
    texts = [
        path.read_text() for part in ("defaults", "tasks", "templates", "vars") for path in (ROLE / part).iterdir()
    ]
    everything = "\n".join(texts)
    families = r"_(cpu|memory)_(request|limit)$"
    unused = [
        name for name in DEFAULTS if not re.search(families, name) and len(re.findall(rf"\b{name}\b", everything)) < 2
    ]
    assert unused == []
