import pytest

from litemaas.domain.errors import InvalidInputError
from litemaas.gateway.management import unsupported
from litemaas.gateway.management.budgets import NewBudget
from litemaas.gateway.management.key_requests import GenerateKey
from litemaas.gateway.management.team_requests import NewTeam
from litemaas.gateway.management.unsupported import refuse_unsupported
from litemaas.gateway.management.user_requests import NewUser

TABLES = [
    (GenerateKey, unsupported.KEY),
    (NewUser, unsupported.USER),
    (NewTeam, unsupported.TEAM),
    (NewBudget, unsupported.BUDGET),
]


@pytest.mark.parametrize(("body", "table"), TABLES)
def test_every_field_of_the_table_is_refused_with_a_reason_when_it_has_a_value(body, table):
    for field, reason in table.items():
        with pytest.raises(InvalidInputError) as refused:
            body.model_validate({field: {"some": "value"}})
        assert refused.value.param == field
        assert reason in refused.value.message


@pytest.mark.parametrize(("body", "table"), TABLES)
def test_no_field_is_both_supported_and_refused(body, table):
    assert not set(body.model_fields) & set(table)


@pytest.mark.parametrize("empty", [None, "", [], {}, False])
def test_an_empty_value_promises_nothing(empty):
    for field in unsupported.TEAM:
        refuse_unsupported({field: empty}, unsupported.TEAM)


def test_a_body_that_is_no_object_is_left_to_the_validation():
    refuse_unsupported(["guardrails"], unsupported.KEY)
