import json
import shlex

from litemaas.cli.up.registration import Deployment
from litemaas.cli.up.welcome import curl_line, welcome

CHAT = Deployment("d1", "gemma", "chat", ("gemma", "http://127.0.0.1:1/v1"))
EMBEDDING = Deployment("d2", "it's an embedder", "embedding", ("e", "http://127.0.0.1:1/v1"))
CONNECTION = {"url": "http://127.0.0.1:4000", "admin_username": "admin", "admin_password": "p", "virtual_key": "sk-v"}


def test_the_first_call_is_a_chat_where_there_is_a_chat_model():
    words = shlex.split(curl_line("http://127.0.0.1:4000", "sk-v", [EMBEDDING, CHAT]))
    assert words[:2] == ["curl", "http://127.0.0.1:4000/v1/chat/completions"]
    assert json.loads(words[-1])["model"] == "gemma"


def test_names_are_quoted_for_the_shell():
    words = shlex.split(curl_line("http://127.0.0.1:4000", "sk-v", [EMBEDDING]))
    assert words[1].endswith("/v1/embeddings")
    assert json.loads(words[-1])["model"] == "it's an embedder"


def test_without_a_model_it_says_how_to_add_one():
    assert curl_line("http://127.0.0.1:4000", "sk-v", []) is None
    assert "litemaas model add" in welcome(CONNECTION, [], has_stated_prices=False)


def test_what_it_says_can_be_pasted_also_where_no_path_knows_us(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.argv", [".venv/bin/litemaas", "up"])
    assert "\n.venv/bin/litemaas model add" in welcome(CONNECTION, [], has_stated_prices=False)


def test_stated_prices_are_told():
    assert "$0.10 per million" in welcome(CONNECTION, [CHAT], has_stated_prices=True)
    assert "$0.10" not in welcome(CONNECTION, [CHAT], has_stated_prices=False)
