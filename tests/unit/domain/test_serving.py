from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from factories import price, served_model
from litemaas.domain.catalog.entities import Deployment, ModelGroup
from litemaas.domain.serving import Catalog, build_catalog
from litemaas.storage.vault import Vault

VAULT = Vault("salt")


def deployment(group: ModelGroup, name: str, **values) -> Deployment:
    return Deployment(id=name, group_id=group.id, provider="openai", upstream_model=name, **values)


def test_a_price_applies_from_its_moment_on():
    january, june = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6))
    model = served_model(
        prices=[price(request="1", effective_from=january), price(request="2", effective_from=june)],
    )
    at = model.targets[0].price_at

    assert at(january.timestamp() - 0.001).request == 0
    assert at(january.timestamp()).request == at(june.timestamp() - 0.001).request == 1
    assert at(june.timestamp()).request == 2


def test_a_model_without_a_price_is_free():
    assert served_model().targets[0].price_at(0).output_token == Decimal(0)


def test_a_catalog_knows_models_by_public_name_and_by_upstream_name():
    small, large = served_model("small", upstream="x"), served_model("large", upstream="x")
    catalog = Catalog([small, large])

    assert catalog.named("small") == [small]
    assert catalog.named("openai/x") == [small, large]
    assert catalog.named("x") == []


def test_deployments_of_a_group_serve_it_with_their_own_credentials_and_prices():
    group, empty = ModelGroup(id=uuid4(), name="small"), ModelGroup(id=uuid4(), name="empty")
    first, second = deployment(group, "a", credential=VAULT.seal("sk-upstream")), deployment(group, "b")
    dear = price(request="1")

    catalog = build_catalog([group, empty], [first, second], {"b": [dear]}, VAULT)

    one, two = catalog.models["small"].targets
    assert (one.credential, one.prices) == ("sk-upstream", ())
    assert (two.credential, two.prices) == (None, (dear,))
    assert catalog.models["small"].upstream_names == ("openai/a", "openai/b")
    assert catalog.models["empty"].targets == ()


def test_a_deployment_whose_credential_another_salt_key_sealed_is_left_out_and_the_others_serve(caplog):
    group = ModelGroup(id=uuid4(), name="small")
    sealed = (
        deployment(group, name, credential=vault.seal("sk")) for name, vault in (("a", Vault("other")), ("b", VAULT))
    )

    catalog = build_catalog([group], sealed, {}, VAULT)

    assert [target.deployment.id for target in catalog.models["small"].targets] == ["b"]
    assert "deployment a is not served" in caplog.text
