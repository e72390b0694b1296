import pytest
from msgspec import UNSET

from litemaas.domain.errors import InvalidInputError
from litemaas.gateway.management.model_requests import ChangedModel


def order(**parameters):
    return ChangedModel.model_validate({"litellm_params": parameters}).order()


@pytest.mark.parametrize(
    "name",
    ["aws_secret_access_key", "vertex_credentials", "azure_ad_token", "client_secret", "extra_headers", "s3_key"],
)
def test_a_second_secret_is_refused_because_only_one_is_kept_encrypted(name):
    with pytest.raises(InvalidInputError) as refused:
        order(**{name: "canary"})
    assert refused.value.param == f"litellm_params.{name}"
    assert "canary" not in refused.value.message


@pytest.mark.parametrize("name", ["max_tokens", "drop_params", "api_version", "merge_reasoning_content_in_choices"])
def test_what_is_no_secret_is_kept_as_a_setting(name):
    assert order(**{name: 3}).settings == {name: 3}


def test_what_was_not_sent_is_told_apart_from_null():
    assert order().credential is UNSET
    assert order(api_key=None).credential is None
    assert order(api_key="sk-up").credential == "sk-up"
    assert order().api_base is UNSET


def test_a_price_is_the_number_that_was_written():
    assert str(order(input_cost_per_token=1.5e-07).prices["input_token"]) == "1.5E-7"
    assert str(order(input_cost_per_token="0.00000015").prices["input_token"]) == "1.5E-7"


def test_what_concerns_the_public_name_goes_to_the_group_and_the_rest_stays_with_the_deployment():
    changed = ChangedModel.model_validate(
        {"model_info": {"id": "1", "mode": "embedding", "max_tokens": 5, "supports_x": 1}}
    )
    told = changed.order()
    assert told.group == {"mode": "embedding", "max_output_tokens": 5}
    assert told.metadata == {"mode": "embedding", "max_tokens": 5, "supports_x": 1}
