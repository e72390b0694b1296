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
