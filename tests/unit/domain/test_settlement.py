import json
import time
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from factories import admission_service, digest, issued_key, known, price, served_model
from litemaas.domain.admission import Asked
from litemaas.domain.settlement import Record, line_of, new_call_id, record_of
from litemaas.domain.teams.entities import Team
from litemaas.providers.usage import Usage


def recorded(usage: Usage | None = None, *, asked: Asked | None = None, **values):
    """The record of a call of `small`, by a key of Ada's in team red, that began half a second ago."""
    key = issued_key(labels={"cost_centre": "42"})
    model = served_model("small", prices=[price(input_token="0.01", output_token="0.02", image="0.5")])
    service = admission_service(known(keys={"sk-test": key}, models=[model]))
    admission = service.admit(service.rights(digest("sk-test")), asked or Asked("small", input_bytes=1))
    admission.started_at = time.time() - 0.5
    outcome = {
        "call_id": new_call_id(admission.started_at),
        "status": 200,
        "usage": usage,
        "streamed": False,
        "attempts": 1,
        "first_byte_at": None,
        "error_code": None,
        "request_id": None,
        "end_user": None,
    }
    record = record_of(admission, model.targets[0], **(outcome | values))
    return record, line_of(admission, model.targets[0], "/chat/completions", record)


def test_usage_becomes_cost_at_the_deployments_price():
    record, line = recorded(Usage(10, 5))

    assert record.cost == Decimal("0.2")
    assert (record.input_tokens, record.output_tokens) == (10, 5)
    assert json.loads(line)["cost"] == "0.200000000000"


def test_a_call_of_which_the_upstream_did_nothing_costs_nothing():
    record, line = recorded(None, status=502, error_code="upstream_error")

    assert record.cost == record.output_tokens == 0
    assert json.loads(line)["error_code"] == "upstream_error"


def test_images_of_the_prompt_are_charged():
    assert recorded(Usage(10, 5), asked=Asked("small", 1, images=2))[0].cost == Decimal("1.2")


def test_the_time_to_the_first_byte_and_to_the_end_is_kept():
    line = json.loads(recorded(Usage(1, 1), first_byte_at=time.time() - 0.3)[1])

    assert 500 <= line["duration_ms"] < 60_000
    assert 150 <= line["first_byte_ms"] < line["duration_ms"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600))
def test_what_clients_write_is_kept_as_far_as_a_database_can(text):
    line = recorded(Usage(1, 1), request_id=text, end_user=text)[1]

    assert b"\n" not in line
    for name in ("request_id", "end_user"):
        assert json.loads(line).get(name, "") == text[:256].replace("\0", "")


def test_a_record_says_who_paid_and_what_for_and_nothing_of_the_prompt():
    line = json.loads(recorded(Usage(10, 5))[1])

    assert line["labels"] == {"cost_centre": "42"}
    assert (line["model"], line["deployment_id"], line["provider"]) == ("small", "small-deployment", "openai")
    assert set(line) == {
        *("id", "started_at", "endpoint", "model", "deployment_id", "provider", "key_id", "labels"),
        *("status", "cost", "duration_ms", "first_byte_ms", "input_tokens", "output_tokens"),
    }


@given(st.floats(0, 2**37, allow_subnormal=False))
def test_a_call_id_is_a_uuid_of_version_seven_with_its_time(now):
    identifier = UUID(new_call_id(now))

    assert (identifier.version, identifier.variant) == (7, "specified in RFC 4122")
    assert identifier.int >> 80 == int(now * 1000)


def test_call_ids_differ_and_sort_by_time():
    ids = [new_call_id(1_800_000_000 + number / 1000) for number in range(1000)]

    assert ids == sorted(set(ids))
    assert len({new_call_id(1.0) for _ in range(1000)}) == 1000


def test_a_record_has_the_labels_of_the_team_too():
    team = Team(id="red", models=["all-proxy-models"], metadata={"labels": {"faculty": "physics"}})
    key = issued_key(labels={"cost_centre": "42"}, team_id="red")
    model = served_model("small")
    service = admission_service(known(keys={"sk-test": key}, models=[model], teams=[team]))
    admission = service.admit(service.rights(digest("sk-test")), Asked("small", input_bytes=1))
    record = Record("1", 0.0, 200, Decimal(0), 0, None)
    line = line_of(admission, model.targets[0], "/chat/completions", record)
    assert json.loads(line)["labels"] == {"faculty": "physics", "cost_centre": "42"}
