import pytest

from litemaas.domain.budgets.entities import (
    GLOBAL_ACCOUNT,
    key_account,
    key_model_account,
    team_account,
    user_account,
    whose_account,
)

KEY = "77a223d0-b5f5-4c5e-9e2a-4f1c6f0b8a11"


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (key_account(KEY), "this key"),
        (key_model_account(KEY, "granite-3"), "this key's use of granite-3"),
        (user_account("ada@example.com"), "this key's user"),
        (team_account("red"), "this key's team"),
        (GLOBAL_ACCOUNT, "all keys together"),
    ],
)
def test_a_caller_reads_of_an_account_what_it_is_to_the_key_and_no_id(account, words):
    assert whose_account(account) == words
