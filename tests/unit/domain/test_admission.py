import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import admission_service, digest, issued_key, known, price, served_model
from litemaas.domain.admission import AdmissionService, Asked, StaleSnapshotError
from litemaas.domain.budgets.entities import Account
from litemaas.domain.pricing.cost import cost_of
from litemaas.domain.rate_limits.errors import ParallelRequestsError, RequestsPerMinuteError, TokensPerMinuteError
from litemaas.domain.snapshot import Changed
from litemaas.domain.teams.entities import Team
from litemaas.domain.users.entities import User
from litemaas.providers.units import Units
from litemaas.providers.usage import Usage
from litemaas.settings import RequestSettings

ASKED = Asked("small", input_bytes=400, max_output=100)
ALL = ["all-proxy-models"]


def service_of(key, *, prices=(), group=None, **values) -> AdmissionService:
    model = served_model("small", prices=prices, **(group or {}))
    holders = {kind: values.pop(kind) for kind in ("users", "teams", "accounts") if kind in values}
    return admission_service(known(keys={"sk-test": key}, models=[model], **holders), **values)


def admit(service: AdmissionService, asked: Asked = ASKED, text: str = "sk-test"):
    return service.admit(service.rights(digest(text)), asked)


def test_exactly_as_many_calls_a_minute_pass_as_the_key_may_make():
    service, passed = service_of(issued_key(rpm_limit=2)), 0
    for _ in range(10):
        try:
            service.settle(admit(service), Decimal(0), 1)
        except RequestsPerMinuteError:
            continue
        passed += 1

    assert passed == 2


@pytest.mark.parametrize(
    "limited",
    [
        {"key": {"rpm_limit": 1}},
        {"key": {"model_rpm_limit": {"small": 1}}},
        {"teams": [Team(id="red", models=ALL, rpm_limit=1)]},
        {"users": [User(id="ada", models=ALL, rpm_limit=1)]},
    ],
    ids=["key", "model of the key", "team", "user"],
)
def test_every_holder_of_a_limit_limits(limited):
    holders = {"teams": [Team(id="red", models=ALL)], "users": [User(id="ada", models=ALL)]} | limited
    service = service_of(issued_key(user_id="ada", team_id="red", **holders.pop("key", {})), **holders)
    admit(service)

    with pytest.raises(RequestsPerMinuteError):
        admit(service)


def test_a_refusal_by_the_team_takes_nothing_of_the_key():
    team = Team(id="red", models=ALL, rpm_limit=1)
    service = service_of(issued_key(team_id="red", rpm_limit=5, tpm_limit=10_000), teams=[team])
    key_scope = admit(service).permit.scopes[0]
    before = key_scope.remaining(time.monotonic())

    with pytest.raises(RequestsPerMinuteError):
        admit(service)

    assert key_scope.remaining(time.monotonic()) == before
    assert key_scope.in_flight == 1


def test_limits_are_shared_by_all_keys_of_a_team():
    team = Team(id="red", models=ALL, rpm_limit=1)
    keys = {text: issued_key(text, team_id="red") for text in ("sk-one", "sk-two")}
    service = admission_service(known(keys=keys, models=[served_model("small")], teams=[team]))
    admit(service, text="sk-one")

    with pytest.raises(RequestsPerMinuteError, match="team red"):
        admit(service, text="sk-two")


def test_calls_in_flight_are_bounded_and_their_end_makes_room():
    service = service_of(issued_key(max_parallel_requests=1))
    first = admit(service)
    with pytest.raises(ParallelRequestsError):
        admit(service)

    service.release(first)

    assert admit(service)


def test_tokens_are_reserved_at_admission_and_counted_at_settlement():
    service = service_of(issued_key(tpm_limit=1000))
    admission = admit(service, Asked("small", input_bytes=400, max_output=300, choices=2))
    scope = admission.permit.scopes[0]
    assert scope.remaining(time.monotonic()) == (None, 300)  # 100 for the prompt, twice 300 for the answers

    service.settle(admission, Decimal(0), 40)

    assert scope.remaining(time.monotonic()) == (None, 960)


def test_a_call_that_does_not_fit_beside_reserved_tokens_is_refused():
    service = service_of(issued_key(tpm_limit=1000))
    admit(service, Asked("small", input_bytes=400, max_output=800))

    with pytest.raises(TokensPerMinuteError):
        admit(service)


def test_a_call_is_settled_once_whatever_happens():
    service = service_of(issued_key(max_parallel_requests=2))
    admission = admit(service)
    for _ in range(3):
        service.release(admission)

    assert admission.permit.scopes[0].in_flight == 0


def test_limits_count_on_when_something_else_changes():
    service = service_of(issued_key(rpm_limit=1))
    admit(service)
    service._forget(Changed(None, True, None))

    with pytest.raises(RequestsPerMinuteError):
        admit(service)


def test_the_master_key_has_no_limits():
    service = service_of(issued_key(rpm_limit=0))

    assert admit(service, text="sk-master").permit.scopes == ()


def test_a_replica_cut_off_for_too_long_admits_nobody():
    service = service_of(issued_key(), monotonic=lambda: time.monotonic() + 601)

    with pytest.raises(StaleSnapshotError):
        service.rights(digest("sk-test"))


def test_a_call_that_needs_money_from_the_database_has_to_wait():
    key = issued_key()
    accounts = [Account(id=f"key:{key.id}", max_budget=Decimal(1))]

    assert admit(service_of(key, accounts=accounts, prices=[price(output_token="0.001")])) is None


prices = st.builds(
    price,
    input_token=st.decimals(0, 10, places=9),
    output_token=st.decimals(0, 10, places=9),
    cached_input_token=st.none() | st.decimals(0, 20, places=9),
    cache_write_token=st.none() | st.decimals(0, 20, places=9),
    reasoning_token=st.none() | st.decimals(0, 20, places=9),
    request=st.decimals(0, 1, places=9),
    image=st.decimals(0, 1, places=9),
)


@given(st.lists(prices, min_size=1, max_size=3), st.text(max_size=60), st.data())
def test_a_hold_covers_whatever_the_call_can_cost(given_prices, text, data):
    """Whichever deployment serves it, and however few bytes a token has: at least one."""
    limits = RequestSettings(default_max_output_tokens=50, image_input_tokens=20)
    model = served_model("small", max_output_tokens=data.draw(st.none() | st.integers(1, 40)))
    targets = [served_model("small", prices=[one]).targets[0] for one in given_prices]
    model = type(model)(model.group, tuple(targets), model.upstream_names)
    service = admission_service(known(models=[model]), limits=limits)
    asked = Asked(
        "small",
        input_bytes=len(text.encode()),
        images=data.draw(st.integers(0, 3)),
        max_output=data.draw(st.none() | st.integers(0, 60)),
        choices=data.draw(st.integers(1, 4)),
        generates=data.draw(st.booleans()),
    )
    permit = service.rights(digest("sk-master")).permit("small")
    hold = service.bound(permit, asked, time.time())

    most_output = min(one for one in (asked.max_output, model.group.max_output_tokens, 50) if one is not None)
    if asked.max_output is not None and model.group.max_output_tokens is None:
        most_output = asked.max_output
    used_input = data.draw(st.integers(0, asked.input_bytes + 20 * asked.images))
    used_output = data.draw(st.integers(0, most_output * asked.choices)) if asked.generates else 0
    cached = data.draw(st.integers(0, used_input))
    written = data.draw(st.integers(0, used_input - cached))
    usage = Usage(used_input, used_output, cached, written, data.draw(st.integers(0, used_output)))
    for one in given_prices:
        assert cost_of(usage, one, asked.images) <= hold


def test_a_hold_covers_images_audio_speech_and_searches():
    service = service_of(issued_key(), prices=[price(output_image="0.5", second="2", character="3", search="4")])
    permit = service.rights(digest("sk-test")).permit("small")
    asked = Asked("small", 0, generates=False, units=Units(images=2, seconds=10, characters=100, searches=1000))

    assert service.bound(permit, asked, time.time()) == 1 + 20 + 300 + 4000


def test_an_image_reserves_no_more_tokens_than_a_chat_that_sets_no_maximum():
    service = service_of(issued_key(tpm_limit=300))
    admit(service, Asked("small", 4, max_output=8192, units=Units(images=1)))


def test_a_hold_reckons_with_the_price_of_the_moment():
    change = datetime(2026, 6, 1, tzinfo=UTC)
    dear = price(output_token="2", effective_from=change)
    service = service_of(issued_key(), prices=[price(output_token="1"), dear])
    permit = service.rights(digest("sk-test")).permit("small")
    asked = Asked("small", input_bytes=1, max_output=10)

    assert service.bound(permit, asked, change.timestamp() - 1) == 10
    assert service.bound(permit, asked, change.timestamp()) == 20
