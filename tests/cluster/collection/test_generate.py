from ansible_collections.rhpds.litemaas.plugins.module_utils import generate

FIELDS = {
    "LITELLM_MASTER_KEY": {"length": 32, "prefix": "sk-"},
    "UI_USERNAME": {"value": "admin"},
    "UI_PASSWORD": {"value": "", "length": 16},
}


def test_missing_values_are_generated():
    content = generate.resolve(FIELDS, {})
    assert content["LITELLM_MASTER_KEY"].startswith("sk-")
    assert len(content["LITELLM_MASTER_KEY"]) == 35
    assert content["UI_USERNAME"] == "admin"
    assert content["UI_PASSWORD"].isalnum()


def test_values_that_are_there_stay():
    first = generate.resolve(FIELDS, {})
    assert generate.resolve(FIELDS, first) == first


def test_a_given_value_wins_over_the_one_that_is_there():
    first = generate.resolve(FIELDS, {})
    given = {**FIELDS, "UI_PASSWORD": {"value": "RedHat2025!", "length": 16}}
    assert generate.resolve(given, first) == {**first, "UI_PASSWORD": "RedHat2025!"}


def test_keys_of_others_stay():
    assert generate.resolve({}, {"DATABASE_URL": "x"}) == {"DATABASE_URL": "x"}


def test_a_rotated_key_is_new_and_the_others_stay():
    first = generate.resolve(FIELDS, {})
    second = generate.resolve(FIELDS, first, rotate=["UI_PASSWORD", "UI_USERNAME"])
    assert second["UI_PASSWORD"] != first["UI_PASSWORD"]
    assert second == {**first, "UI_PASSWORD": second["UI_PASSWORD"]}


def test_encoding_is_undone_by_decoding():
    assert generate.decode({"data": generate.encode({"a": "ü"})}) == {"a": "ü"}


def test_a_digest_changes_with_the_content_and_with_the_key():
    digests = {
        generate.checksum({"a": "1"}, "k"),
        generate.checksum({"a": "2"}, "k"),
        generate.checksum({"a": "1"}, "l"),
    }
    assert len(digests) == 3
