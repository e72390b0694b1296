"""Prices of models through the management API: now, from a later moment on, and taken back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from support.management import Api, Platform

LATER = (datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)).isoformat()
PARAMETERS = {"model": "openai/granite", "api_base": "https://models.example.com/v1", "input_cost_per_token": "0.001"}


async def _add(api: Api) -> None:
    await api.post("/model/new", model_name="granite", litellm_params=PARAMETERS)


async def test_a_price_of_now_holds_at_once_and_leaves_the_others_alone(api: Api, platform: Platform):
    await _add(api)
    await api.post("/model/prices", model_name="granite", input_cost_per_image="0.01")
    price = platform.snapshot.catalog.models["granite"].targets[0].prices[-1]
    assert (price.image, price.input_token) == (Decimal("0.01"), Decimal("0.001"))


async def test_a_price_of_later_is_listed_until_it_is_taken_back(api: Api):
    await _add(api)
    set_ = await api.post("/model/prices", model_name="granite", input_cost_per_token="0.002", effective_from=LATER)
    (coming,) = set_["coming"]
    assert (coming["model_name"], coming["input_cost_per_token"]) == ("granite", 0.002)
    assert (await api.get("/model/prices/coming"))["data"] == [coming]
    assert (await api.get("/model/info"))["data"][0]["litellm_params"]["input_cost_per_token"] == 0.001
    cancelled = await api.post("/model/prices/cancel", model_name="granite", effective_from=LATER)
    assert cancelled["coming"] == []
    await api.post("/model/prices/cancel", model_name="granite", effective_from=LATER, status=400)


async def test_prices_of_models_that_are_not_there_and_of_the_past_are_refused(api: Api):
    await api.post("/model/prices", model_name="none", input_cost_per_token="1", status=404)
    await _add(api)
    await api.post("/model/prices", model_name="granite", effective_from="2020-01-01T00:00:00Z", status=400)
