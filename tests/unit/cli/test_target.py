import json

import pytest

from litemaas.cli.errors import SetupError
from litemaas.cli.target import Target, find_target

URL = "http://127.0.0.1:4000"


@pytest.fixture(autouse=True)
def _no_key_in_the_environment(monkeypatch):
    monkeypatch.delenv("LITELLM_MASTER_KEY", raising=False)


@pytest.fixture
def data_dir(tmp_path):
    (tmp_path / "connection.json").write_text(json.dumps({"url": URL, "master_key": "sk-kept", "virtual_key": "sk-v"}))
    return tmp_path


def test_without_a_url_it_is_the_one_that_runs_from_the_folder(data_dir):
    assert find_target(None, data_dir) == Target(URL, "sk-kept")


def test_a_url_takes_its_key_from_the_environment(data_dir, monkeypatch):
    monkeypatch.setenv("LITELLM_MASTER_KEY", "sk-other\n")
    assert find_target("https://models.example.com", data_dir) == Target("https://models.example.com", "sk-other")


def test_the_key_of_the_folder_is_not_sent_elsewhere(data_dir):
    with pytest.raises(SetupError, match="LITELLM_MASTER_KEY"):
        find_target("https://models.example.com", data_dir)
    assert find_target(f"{URL}/", data_dir).master_key == "sk-kept"


def test_nothing_running_is_a_sentence_with_a_next_step(tmp_path):
    with pytest.raises(SetupError, match="litemaas up"):
        find_target(None, tmp_path)


def test_a_damaged_file_is_a_sentence(tmp_path):
    (tmp_path / "connection.json").write_text("{")
    with pytest.raises(SetupError, match="damaged"):
        find_target(None, tmp_path)
