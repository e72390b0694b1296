import pytest

from litemaas.domain.sessions.entities import Identity
from litemaas.domain.sessions.roles import EntryRules, strongest
from litemaas.domain.users.entities import Role

RULES = {"admin_groups": frozenset({"ops"}), "admin_readonly_groups": frozenset({"audit"})}


def _person(*groups: str, username: str = "ada") -> Identity:
    return Identity(provider="oidc", issuer="i", subject="s", username=username, groups=frozenset(groups))


@pytest.mark.parametrize(
    ("groups", "role"),
    [((), Role.USER), (("audit",), Role.ADMIN_READONLY), (("audit", "ops"), Role.ADMIN), (("OPS",), Role.USER)],
)
def test_the_strongest_group_decides(groups: tuple[str, ...], role: Role):
    assert EntryRules(**RULES).role_of(_person(*groups)) is role


def test_where_user_groups_are_named_others_stay_outside():
    rules = EntryRules(**RULES, user_groups=frozenset({"staff"}))
    assert rules.role_of(_person("staff")) is Role.USER
    assert rules.role_of(_person("audit")) is Role.ADMIN_READONLY
    assert rules.role_of(_person("guests")) is None


@pytest.mark.parametrize("name", ["user10", "User1", "user1 ", "", "xuser1"])
def test_nobody_whose_name_is_only_like_the_lab_users_enters_a_lab(name: str):
    rules = EntryRules(**RULES, lab_user="user1")
    assert rules.role_of(_person("audit", "staff", username=name)) is None


def test_the_lab_user_and_admins_enter_a_lab():
    rules = EntryRules(**RULES, lab_user="user1")
    assert rules.role_of(_person(username="user1")) is Role.ADMIN
    assert rules.role_of(_person("ops")) is Role.ADMIN


def test_the_strongest_of_several_roles_holds():
    assert strongest([Role.USER, None, Role.ADMIN_READONLY]) is Role.ADMIN_READONLY
    assert strongest([None]) is Role.USER


def _google_account(**values: str) -> Identity:
    return Identity(provider="google", issuer="i", subject="s", username="ada@example.com", **values)


@pytest.mark.parametrize(
    ("account", "role"),
    [
        (_google_account(hosted_domain="Example.com", email="bob@example.com"), Role.USER),
        (_google_account(email="Ada@gmail.com"), Role.USER),
        (_google_account(email="eve@gmail.com"), None),
        (_google_account(email="eve@example.com"), None),  # of no hosted domain: registered by whoever has the mailbox
        (_google_account(hosted_domain="evil.test", email="eve@evil.test"), None),
        (_google_account(), None),
        (_person(), Role.USER),
    ],
)
def test_of_google_accounts_only_those_that_are_named_may_enter(account: Identity, role: Role | None):
    rules = EntryRules(google_allowed=frozenset({"example.com", "ada@gmail.com"}))
    assert rules.role_of(account) is role


def test_without_a_list_no_google_account_may_enter_and_with_any_every_one():
    account = _google_account(hosted_domain="example.com")
    assert EntryRules().role_of(account) is None
    assert EntryRules(google_allowed=None).role_of(account) is Role.USER
