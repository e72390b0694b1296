from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import admission_service, digest, issued_key, known, served_model
from litemaas.domain.access.errors import (
    AmbiguousModelError,
    ModelNotAllowedError,
    RouteNotAllowedError,
    UnknownModelError,
)
from litemaas.domain.keys.errors import BlockedKeyError, ExpiredKeyError, UnknownKeyError
from litemaas.domain.rights import Rights
from litemaas.domain.teams.entities import Team
from litemaas.domain.users.entities import User

SMALL, LARGE = served_model("small", upstream="org/small"), served_model("large", access_groups=["beta"])
MODELS = [SMALL, LARGE]
ALL = ["all-proxy-models"]
NOW = datetime.now(UTC)


def rights_of(key=None, *, models=MODELS, teams=(), users=(), text="sk-test", now=NOW) -> Rights:
    snapshot = known(keys={text: key} if key else {}, models=models, teams=teams, users=users)
    return admission_service(snapshot, wall_clock=now.timestamp).rights(digest(text))


def called(rights: Rights, name: str) -> str:
    """The public name of the model that a call to `name` reaches."""
    return rights.permit(name).model.name


def test_an_unknown_key_is_refused():
    with pytest.raises(UnknownKeyError):
        rights_of(None)


def test_a_blocked_key_is_refused():
    with pytest.raises(BlockedKeyError):
        rights_of(issued_key(blocked=True))


def test_a_key_is_accepted_until_it_expires():
    key = issued_key(expires_at=NOW)

    assert rights_of(key, now=NOW - timedelta(seconds=1))
    with pytest.raises(ExpiredKeyError):
        rights_of(key, now=NOW)


def test_a_rotated_key_is_accepted_by_its_previous_text_until_its_time_and_by_its_new_one_after():
    key = issued_key("sk-new", previous_digest=digest("sk-old"), previous_expires_at=NOW)
    clock = [NOW.timestamp() - 1]
    service = admission_service(known(keys={"sk-old": key, "sk-new": key}), wall_clock=lambda: clock[0])

    assert service.rights(digest("sk-old")).key is key
    clock[0] += 1
    with pytest.raises(ExpiredKeyError):
        service.rights(digest("sk-old"))
    assert service.rights(digest("sk-new")).key is key


@pytest.mark.parametrize(
    "holders",
    [
        {"users": [User(id="ada", models=ALL, blocked=True)], "teams": [Team(id="red", models=ALL)]},
        {"users": [User(id="ada", models=ALL)], "teams": [Team(id="red", models=ALL, blocked=True)]},
        {"users": [], "teams": [Team(id="red", models=ALL)]},
        {"users": [User(id="ada", models=ALL)], "teams": []},
    ],
    ids=["user blocked", "team blocked", "user deleted", "team deleted"],
)
def test_a_key_whose_user_or_team_is_blocked_or_gone_is_refused(holders):
    with pytest.raises(BlockedKeyError):
        rights_of(issued_key(user_id="ada", team_id="red"), **holders)


def test_the_master_key_may_call_everything_there_is():
    rights = rights_of(text="sk-master")

    assert [model.name for model in rights.models()] == ["large", "small"]
    assert called(rights, "small") == "small"
    with pytest.raises(UnknownModelError):
        rights.permit("gone")


def test_a_model_is_called_by_its_public_name_or_by_its_upstream_name():
    rights = rights_of(issued_key(models=("small",)))

    assert called(rights, "small") == called(rights, "openai/org/small") == "small"


def test_a_grant_on_the_upstream_name_covers_the_public_name():
    rights = rights_of(issued_key(models=("openai/org/small",)))

    assert called(rights, "small") == "small"


def test_a_public_name_wins_over_an_upstream_name():
    models = [served_model("openai/x", upstream="y"), served_model("other", upstream="x")]

    assert called(rights_of(issued_key(), models=models), "openai/x") == "openai/x"


def test_an_upstream_name_that_several_models_share_is_ambiguous_unless_one_is_granted():
    models = [served_model("a", upstream="x"), served_model("b", upstream="x")]

    with pytest.raises(AmbiguousModelError, match="a, b"):
        rights_of(issued_key(), models=models).permit("openai/x")
    assert called(rights_of(issued_key(models=("b",)), models=models), "openai/x") == "b"


def test_an_alias_of_the_key_wins_over_one_of_its_team():
    team = Team(id="red", models=ALL, aliases={"fast": "large", "slow": "large"})
    rights = rights_of(issued_key(team_id="red", aliases={"fast": "small"}), teams=[team])

    assert called(rights, "fast") == "small"
    assert called(rights, "slow") == "large"


def test_an_alias_grants_nothing():
    with pytest.raises(ModelNotAllowedError):
        rights_of(issued_key(models=("small",), aliases={"mine": "large"})).permit("mine")


@pytest.mark.parametrize("name", ["large", "gone", ""])
def test_a_key_with_some_models_is_not_told_which_others_exist(name):
    with pytest.raises(ModelNotAllowedError, match="key not allowed to access model"):
        rights_of(issued_key(models=("small",))).permit(name)


def test_only_a_key_with_all_models_is_told_that_one_does_not_exist():
    team = Team(id="red", models=["small"])

    with pytest.raises(UnknownModelError):
        rights_of(issued_key()).permit("gone")
    with pytest.raises(ModelNotAllowedError):
        rights_of(issued_key(team_id="red"), teams=[team]).permit("gone")


def test_a_key_without_models_opens_nothing():
    rights = rights_of(issued_key(models=()))

    assert rights.models() == []
    with pytest.raises(ModelNotAllowedError):
        rights.permit("small")


def test_a_team_bounds_its_keys_and_the_refusal_names_it():
    rights = rights_of(issued_key(team_id="red"), teams=[Team(id="red", models=["small"])])

    assert [model.name for model in rights.models()] == ["small"]
    with pytest.raises(ModelNotAllowedError, match="its team"):
        rights.permit("large")


def test_a_user_bounds_personal_keys():
    user = User(id="ada", models=["small"])

    with pytest.raises(ModelNotAllowedError, match="its user"):
        rights_of(issued_key(user_id="ada"), users=[user]).permit("large")


def test_all_team_models_opens_what_the_team_has_and_nothing_without_a_team():
    team = Team(id="red", models=["beta"])
    key = issued_key(models=("all-team-models",), team_id="red")

    assert [model.name for model in rights_of(key, teams=[team]).models()] == ["large"]
    assert rights_of(issued_key(models=("all-team-models",))).models() == []


def test_a_key_bound_to_routes_calls_no_others():
    rights = rights_of(issued_key(allowed_routes=("/v1/embeddings",)))

    rights.check_route("/v1/embeddings")
    with pytest.raises(RouteNotAllowedError):
        rights.check_route("/v1/chat/completions")


grants = st.lists(st.sampled_from(["small", "large", "beta", "openai/*", "*", "all-proxy-models"]), max_size=4)


@given(st.lists(st.sampled_from(["all-team-models", "small", "beta", "*"]), max_size=3), grants, grants, st.data())
def test_removing_a_grant_from_key_team_or_user_never_opens_a_model(key_grants, team_grants, user_grants, data):
    def opened(key_models, team_models, user_models):
        key = issued_key(models=tuple(key_models), user_id="ada", team_id=data_team)
        teams, users = [Team(id="red", models=team_models)], [User(id="ada", models=user_models)]
        return {model.name for model in rights_of(key, teams=teams, users=users).models()}

    data_team = data.draw(st.sampled_from(["red", None]))
    before = [key_grants, team_grants, user_grants]
    place = data.draw(st.integers(0, 2))
    after = [list(one) for one in before]
    if after[place]:
        after[place].pop(data.draw(st.integers(0, len(after[place]) - 1)))

    assert opened(*after) <= opened(*before)


@pytest.mark.parametrize(
    ("of_key", "of_team", "labels"),
    [
        ({"cost_centre": "1"}, {"cost_centre": "2", "faculty": "physics"}, {"cost_centre": "1", "faculty": "physics"}),
        (None, {"cost_centre": "2"}, {"cost_centre": "2"}),
        ({"cost_centre": "1"}, None, {"cost_centre": "1"}),
        (None, None, None),
        (["imported"], {"cost_centre": 2}, None),
    ],
)
def test_calls_have_the_labels_of_the_team_and_those_of_the_key_which_win(of_key, of_team, labels):
    team = Team(id="red", models=ALL, metadata={"labels": of_team} if of_team else {})
    assert rights_of(issued_key(team_id="red", labels=of_key), teams=[team]).labels == labels
