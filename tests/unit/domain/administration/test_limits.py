import pytest

from litemaas.domain.administration.limits import _owner

KEY = "0191f9a4-5b5c-4d3e-8f60-0123456789ab"


@pytest.mark.parametrize(
    ("account", "owner"),
    [
        (f"key:{KEY}", {"key_id": KEY}),
        (f"key:{KEY}/model:org/granite:7b", {"key_id": KEY, "model": "org/granite:7b"}),
        ("user:a:b", {"user_id": "a:b"}),
        ("team:lab", {"team_id": "lab"}),
        ("global", {}),
    ],
)
def test_an_account_tells_whose_calls_it_pays(account, owner):
    assert _owner(account) == owner
