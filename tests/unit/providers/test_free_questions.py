"""Where providers are asked that have no address of their own."""

import pytest

from litemaas.providers.free_questions import free_question
from litemaas.providers.registry import PROVIDERS


@pytest.mark.parametrize(
    ("provider", "settings", "url"),
    [
        ("openai", {}, "https://api.openai.com/v1/models"),
        ("anthropic", {}, "https://api.anthropic.com/v1/models"),
        ("gemini", {}, "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1"),
        ("cohere", {}, "https://api.cohere.com/v1/models?page_size=1"),
        ("bedrock", {"aws_region_name": "eu-central-1"}, "https://bedrock-runtime.eu-central-1.amazonaws.com/"),
        ("sagemaker", {"aws_region_name": "us-east-1"}, "https://runtime.sagemaker.us-east-1.amazonaws.com/"),
        ("vertex_ai", {"vertex_location": "europe-west4"}, "https://europe-west4-aiplatform.googleapis.com/"),
        ("vertex_ai", {"vertex_location": "global"}, "https://aiplatform.googleapis.com/"),
    ],
)
def test_a_provider_is_asked_where_it_is(provider, settings, url):
    assert free_question(provider, None, settings).url == url


@pytest.mark.parametrize("provider", ["azure", "hosted_vllm", "bedrock", "vertex_ai", "watsonx", "nobody"])
def test_without_an_address_nobody_is_asked(provider):
    assert free_question(provider, None, {}) is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_can_be_asked_at_an_address_that_is_given(provider):
    assert free_question(provider, "https://models.example.com", {}).url.startswith("https://models.example.com/")
