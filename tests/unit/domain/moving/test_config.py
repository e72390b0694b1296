import json
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from litemaas.domain.moving.entities import Bundle, Protection, Verdict
from litemaas.domain.moving.errors import UnreadableSourceError
from litemaas.domain.moving.litellm.config import read_config
from litemaas.domain.moving.statements import encode_rows


def read(text: str, folder: Path = Path(), **variables: str) -> Bundle:
    return read_config(dedent(text), folder, variables)


def rows(bundle: Bundle, table: str) -> list[dict]:
    return [row for chunk in bundle.chunks if chunk.table == table for row in chunk.rows]


def told(bundle: Bundle, verdict: Verdict) -> list[str]:
    return [finding.name for finding in bundle.findings if finding.verdict is verdict]


GRANITE = """
    model_list:
      - model_name: granite
        litellm_params: {model: openai/granite-3, api_base: "http://vllm:8000", api_key: os.environ/VLLM_KEY, rpm: 60,
                         weight: 2, timeout: 30, input_cost_per_token: 0.0000025, drop_params: true}
        model_info: {mode: chat, max_tokens: 4096, access_groups: [beta]}
"""


def test_a_model_becomes_a_group_a_deployment_and_a_price():
    bundle = read(GRANITE, VLLM_KEY="sk-vllm")
    (group,), (deployment,), (price,) = (rows(bundle, table) for table in ("model_groups", "deployments", "prices"))
    assert (group["name"], group["max_output_tokens"], group["access_groups"]) == ("granite", 4096, ["beta"])
    assert deployment["group_id"] == group["id"]
    assert deployment["credential"] == "sk-vllm"
    assert (deployment["provider"], deployment["upstream_model"]) == ("openai", "granite-3")
    assert (deployment["api_base"], deployment["rpm_limit"], deployment["weight"]) == ("http://vllm:8000/v1", 60, 2.0)
    assert (deployment["timeouts"], deployment["settings"]) == ({"total": 30.0}, {"drop_params": True})
    assert price["input_token"] == 0.0000025


def test_the_same_configuration_has_the_same_ids_each_time():
    first, second = (read(GRANITE, VLLM_KEY="sk-vllm") for _ in range(2))
    assert list(first.chunks) == list(second.chunks)


def test_several_deployments_of_one_name_are_one_group():
    bundle = read(
        """
        model_list:
          - {model_name: a, litellm_params: {model: openai/x, api_base: "http://one/v1"}}
          - {model_name: a, litellm_params: {model: openai/x, api_base: "http://two/v1"}}
          - {model_name: a, litellm_params: {model: openai/x, api_base: "http://two/v1"}}
        """
    )
    assert len(rows(bundle, "model_groups")) == 1
    assert len({row["id"] for row in rows(bundle, "deployments")}) == 3


def test_a_model_whose_variable_is_not_set_is_refused_and_not_left_without_a_key():
    bundle = read(GRANITE)
    assert rows(bundle, "deployments") == []
    assert told(bundle, Verdict.REFUSED) == ["granite"]


def test_our_own_secrets_are_not_for_upstreams():
    bundle = read(
        "model_list: [{model_name: a, litellm_params: {model: openai/x, api_key: os.environ/LITEMAAS_SALT_KEY}}]",
        LITEMAAS_SALT_KEY="secret",
    )
    assert told(bundle, Verdict.REFUSED) == ["a"]


@pytest.mark.parametrize(
    "model",
    [
        "{model_name: 'openai/*', litellm_params: {model: 'openai/*'}}",
        "{model_name: a, litellm_params: {model: watsonx/granite}}",
        "{model_name: a, litellm_params: {model: openai/x, aws_secret_access_key: AKIA}}",
        "{model_name: a, litellm_params: {model: openai/x, extra_headers: {Authorization: Bearer x}}}",
        "{model_name: a, litellm_params: {model: openai/x, rpm: many}}",
        "{model_name: a, litellm_params: {}}",
        "{model_name: a, litellm_params: {model: openai/x}, model_info: {team_id: t}}",
    ],
)
def test_what_cannot_be_said_of_a_model_here_refuses_it(model):
    bundle = read(f"model_list: [{model}]")
    assert len(told(bundle, Verdict.REFUSED)) == 1
    assert list(bundle.chunks) == []


def test_included_files_are_joined(tmp_path):
    (tmp_path / "more.yaml").write_text("model_list: [{model_name: b, litellm_params: {model: openai/b}}]")
    bundle = read(
        """
        include: [more.yaml]
        model_list: [{model_name: a, litellm_params: {model: openai/a}}]
        """,
        tmp_path,
    )
    assert [row["name"] for row in rows(bundle, "model_groups")] == ["a", "b"]


def test_files_that_include_one_another_end(tmp_path):
    (tmp_path / "self.yaml").write_text("include: [self.yaml]")
    with pytest.raises(UnreadableSourceError):
        read("include: [self.yaml]", tmp_path)


def test_credentials_and_variables_of_the_configuration_are_used():
    bundle = read(
        """
        environment_variables: {KEY: sk-one}
        credential_list: [{credential_name: c, credential_values: {api_key: os.environ/KEY, api_base: "http://u/v1"}}]
        model_list: [{model_name: a, litellm_params: {model: openai/a, litellm_credential_name: c}}]
        """
    )
    (deployment,) = rows(bundle, "deployments")
    assert (deployment["credential"], deployment["api_base"]) == ("sk-one", "http://u/v1")


def test_routing_and_fallbacks_go_to_the_groups():
    bundle = read(
        """
        model_list:
          - {model_name: a, litellm_params: {model: openai/a}}
          - {model_name: b, litellm_params: {model: openai/b}}
        router_settings: {routing_strategy: cost-based-routing, num_retries: 4, cooldown_time: 7}
        litellm_settings: {fallbacks: [{a: [b]}], default_fallbacks: [b], max_budget: 50, budget_duration: 30d}
        """
    )
    first, second = (row["routing"] for row in rows(bundle, "model_groups"))
    assert first == {"strategy": "lowest-cost", "retries": 4, "cooldown_seconds": 7, "fallbacks": ["b"]}
    assert second["fallbacks"] == []
    assert rows(bundle, "accounts") == [{"id": "global", "max_budget": 50, "budget_duration": "30d"}]


def test_protections_that_we_do_not_have_are_told_by_name():
    bundle = read(
        """
        general_settings: {master_key: sk-1234, custom_auth: mine.auth, max_parallel_requests: 100}
        litellm_settings: {callbacks: [presidio, langfuse, my.hook], cache: true}
        guardrails: [{guardrail_name: pii}]
        """
    )
    protections = Counter(finding.protection for finding in bundle.findings if finding.protection)
    assert protections == {Protection.GUARDRAILS: 3, Protection.AUTHENTICATION: 1, Protection.LIMITS: 1}
    ignored = ["general_settings.master_key", "litellm_settings.cache", "callbacks: langfuse"]
    assert told(bundle, Verdict.IGNORED) == ignored
    assert "sk-1234" not in repr(bundle.findings)


@pytest.mark.parametrize("text", ["- a list", "a: [", "model_list: {a: b}"])
def test_what_is_no_configuration_is_refused(text):
    with pytest.raises(UnreadableSourceError):
        read(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
_PARAMS = (
    "model",
    "api_base",
    "api_key",
    "rpm",
    "weight",
    "timeout",
    "input_cost_per_token",
    "litellm_credential_name",
)
_TOP = ("include", "model_list", "credential_list", "environment_variables", "guardrails")
_SECTIONS = ("general_settings", "litellm_settings", "router_settings")
_SETTINGS = ("fallbacks", "default_fallbacks", "callbacks", "max_budget", "budget_duration", "routing_strategy")


@st.composite
def configurations(draw) -> dict:
    """Configurations with the right names and anything for their values."""
    params = draw(st.dictionaries(st.sampled_from(_PARAMS), _JSON)) | {"model": draw(st.just("openai/x") | _JSON)}
    known = st.dictionaries(st.sampled_from(_SETTINGS), _JSON)
    sections = draw(st.dictionaries(st.sampled_from(_SECTIONS), known | _JSON))
    entry = {"model_name": draw(_JSON), "litellm_params": params, "model_info": draw(_JSON)}
    return {"model_list": [entry]} | draw(st.dictionaries(st.sampled_from(_TOP), _JSON, max_size=2)) | sections


@settings(max_examples=150, phases=[Phase.explicit, Phase.generate])
@given(configurations())
def test_whatever_a_configuration_holds_it_is_read_or_refused(configuration):
    try:
        bundle = read_config(json.dumps(configuration, ensure_ascii=False), Path("/nowhere"), {})
    except UnreadableSourceError:
        return
    encode_rows([row for chunk in bundle.chunks for row in chunk.rows])


def test_a_bound_of_no_call_at_a_time_is_none_at_a_model_and_said_to_be():
    bundle = read(
        """
        model_list:
          - {model_name: a, litellm_params: {model: openai/x, api_base: "http://one/v1", max_parallel_requests: 0}}
          - {model_name: b, litellm_params: {model: openai/x, api_base: "http://two/v1", max_parallel_requests: 3}}
        """
    )
    first, second = rows(bundle, "deployments")
    assert (first.get("max_parallel_requests"), second["max_parallel_requests"]) == (None, 3)
    assert told(bundle, Verdict.NOTED) == ["a"]
