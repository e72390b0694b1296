import pytest

from litemaas.domain.catalog.addresses import normalise_base, split_model
from litemaas.domain.errors import InvalidInputError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://host:443", "https://host/v1"),
        ("https://host/", "https://host/v1"),
        ("https://host:443/v1/", "https://host/v1"),
        ("http://host:80/v1", "http://host/v1"),
        ("http://host:8000", "http://host:8000/v1"),
        ("https://host:80/v1", "https://host:80/v1"),
        ("https://Host.Example/v1/chat/completions", "https://host.example/v1"),
        ("https://host/openai/v2", "https://host/openai/v2"),
        (" https://host/v1 ", "https://host/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_the_same_endpoint_always_reads_the_same(given, kept):
    assert normalise_base(given, "openai") == kept
    assert normalise_base(kept, "openai") == kept


@pytest.mark.parametrize(
    "given",
    [
        "host/v1",
        "ftp://host",
        "https://",
        "https://user:secret@host/v1",
        "https://host/v1?key=secret",
        "https://host/v1#part",
        "https://host:99999/v1",
        "https://ho st/v1",
        "https://hóst/v1",
        "https://[::1/v1",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(given):
    with pytest.raises(InvalidInputError) as refused:
        normalise_base(given, "openai")
    assert refused.value.param == "litellm_params.api_base"
    assert "secret" not in refused.value.message


def test_a_provider_with_an_address_of_its_own_needs_none():
    assert normalise_base(None, "groq") is None
    assert normalise_base(" ", "groq") is None
    with pytest.raises(InvalidInputError):
        normalise_base(None, "hosted_vllm")


@pytest.mark.parametrize(
    ("name", "provider", "upstream"),
    [
        ("openai/granite", None, ("openai", "granite")),
        ("openai/org/granite", None, ("openai", "org/granite")),
        ("granite", None, ("openai", "granite")),
        ("org/granite", "openai", ("openai", "org/granite")),
        ("hosted_vllm/granite", "hosted_vllm", ("hosted_vllm", "granite")),
    ],
)
def test_a_model_is_split_at_the_first_slash(name, provider, upstream):
    assert split_model(name, provider) == upstream


@pytest.mark.parametrize("name", ["acme/granite", "openai/", "openai/two words", ""])
def test_an_unknown_provider_or_an_empty_id_is_refused(name):
    with pytest.raises(InvalidInputError) as refused:
        split_model(name)
    assert refused.value.param == "litellm_params.model"
