import json

import msgspec
import pytest
from msgspec import Raw

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints.units import characters_asked, images_asked, searches_asked
from litemaas.gateway.endpoints.units_used import images_used, rerank_used
from litemaas.gateway.errors import BadRequestError
from litemaas.providers.units import Units
from litemaas.providers.usage import Usage


def fields(**values: object) -> dict[str, Raw]:
    return msgspec.json.decode(json.dumps(values), type=dict[str, Raw])


def asked(**units: int) -> Asked:
    return Asked("m", 40, generates=False, units=Units(**units))


def test_one_image_is_asked_unless_n_says_more():
    assert images_asked(fields()) == Units(images=1)
    assert images_asked(fields(n=None)) == Units(images=1)
    assert images_asked(fields(n=3)) == Units(images=3)


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", True, 10**9])
def test_what_is_no_number_of_images_is_refused(n):
    with pytest.raises(BadRequestError):
        images_asked(fields(n=n))


def test_characters_are_counted_as_people_count_them_and_not_in_bytes():
    assert characters_asked(fields(input="Grüße 👋")) == Units(characters=7)
    with pytest.raises(BadRequestError):
        characters_asked(fields(input=["a"]))


def test_a_hundred_short_documents_are_one_search():
    assert searches_asked(fields(documents=["a"] * 100)) == Units(searches=1)
    assert searches_asked(fields(documents=["a"] * 101)) == Units(searches=2)
    assert searches_asked(fields(documents=[])) == Units(searches=1)


def test_long_documents_count_as_several():
    assert searches_asked(fields(documents=["a" * 50_000, {"text": "b" * 600}])) == Units(searches=2)
    with pytest.raises(BadRequestError):
        searches_asked(fields(documents="a"))


def test_images_are_charged_as_they_came():
    body = json.dumps({"data": [{"b64_json": ""}, {"b64_json": ""}]}).encode()
    assert images_used(asked(images=3), body) == Usage(10, estimated=True, units=Units(images=2))
    told = json.dumps({"data": [{}], "usage": {"input_tokens": 5, "output_tokens": 6240, "total_tokens": 6245}})
    assert images_used(asked(images=1), told.encode()) == Usage(5, 6240, units=Units(images=1))
    assert images_used(asked(images=3), b"not JSON").units == Units(images=3)


@pytest.mark.parametrize(
    ("body", "used"),
    [
        ({"results": [], "usage": {"total_tokens": 56}}, Usage(56, units=Units(searches=7))),
        ({"meta": {"billed_units": {"search_units": 2.0}}}, Usage(units=Units(searches=2))),
        (
            {"meta": {"billed_units": {"search_units": 2}, "tokens": {"input_tokens": 9}}},
            Usage(9, units=Units(searches=2)),
        ),
        ({"meta": {"billed_units": {"search_units": -1}}}, Usage(10, estimated=True, units=Units(searches=7))),
        ({"results": []}, Usage(10, estimated=True, units=Units(searches=7))),
    ],
)
def test_what_a_reranker_does_not_tell_is_charged_as_asked(body, used):
    assert rerank_used(asked(searches=7), json.dumps(body).encode()) == used
