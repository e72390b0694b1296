import pytest

from litemaas.domain.catalog.addresses import normalise_base, split_model
from litemaas.domain.catalog.errors import MissingExtraError
from litemaas.domain.errors import InvalidInputError
from litemaas.providers.addressing import request_path
from litemaas.providers.foreign.installed import missing_modules
from litemaas.providers.registry import PROVIDERS, Provider

VERSION = {"api_version": "2024-10-21"}


@pytest.mark.parametrize(
    ("provider", "base", "path", "settings", "whole"),
    [
        ("openai", "/v1", "/rerank", {}, "/v1/rerank"),
        ("openai", "/v1", "/rerank", VERSION, "/v1/rerank"),
        ("azure", "", "/embeddings", {}, "/openai/v1/embeddings"),
        ("azure", "/openai", "/embeddings", {}, "/openai/v1/embeddings"),
        ("azure", "", "/embeddings", VERSION, "/openai/deployments/a%2Fb/embeddings?api-version=2024-10-21"),
        ("azure", "/team", "/files/f", VERSION, "/team/openai/files/f?api-version=2024-10-21"),
    ],
)
def test_an_endpoint_is_below_the_base_but_for_azures_deployments(provider, base, path, settings, whole):
    assert request_path(provider, base, path, "a/b", settings) == whole


def test_azure_needs_an_address_and_gets_no_version_into_it():
    assert normalise_base("https://name.openai.azure.com/", "azure") == "https://name.openai.azure.com"
    with pytest.raises(InvalidInputError):
        normalise_base(None, "azure")


def test_a_foreign_provider_is_where_its_library_knows_it_to_be():
    assert normalise_base(None, "gemini") is None
    assert normalise_base("https://host", "gemini") == "https://host"


def test_what_a_provider_lacks_is_found_without_importing_it():
    assert missing_modules(PROVIDERS["openai"]) == []
    assert missing_modules(PROVIDERS["gemini"]) == []
    for absent in ("nowhere_at_all", "nowhere_at_all.inside"):
        assert missing_modules(Provider("x", "X", library="x", needs=absent)) == [absent]


def test_a_model_whose_extra_is_missing_is_refused_when_it_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(PROVIDERS, "acme", Provider("acme", "Acme", library="acme", needs="nowhere_at_all"))
    with pytest.raises(MissingExtraError, match=r"install litemaas\[providers\]"):
        split_model("acme/model")
