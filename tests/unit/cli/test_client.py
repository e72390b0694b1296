import socket
from decimal import Decimal

import pytest

from litemaas.cli.client import Client
from litemaas.cli.errors import ApiError, SetupError


def test_amounts_come_back_exactly(api):
    api.answer("GET", "/spend", b'{"spend": 0.1000000000000000000001}')
    assert Client(api.url, "sk-a").get("/spend") == {"spend": Decimal("0.1000000000000000000001")}


def test_the_key_travels_as_bearer_token(api):
    api.answer("POST", "/key/generate", {})
    Client(f"{api.url}/", "sk-a").post("/key/generate", {"models": []})
    assert api.headers[0]["Authorization"] == "Bearer sk-a"
    assert api.requests == [("POST", "/key/generate", {"models": []})]


def test_an_error_in_openai_shape_becomes_its_sentence(api):
    api.status = 404
    api.answer("GET", "/key/info", {"error": {"message": "There is no such key.", "code": "not_found"}})
    with pytest.raises(ApiError, match=r"^There is no such key\.$") as caught:
        Client(api.url, "sk-a").get("/key/info")
    assert caught.value.status == 404
    assert caught.value.exit_code == 1


def test_a_refused_key_is_a_matter_of_setup(api):
    api.status = 401
    api.answer("GET", "/key/info", {"error": {"message": "Unknown key."}})
    with pytest.raises(SetupError, match="master key") as caught:
        Client(api.url, "sk-secret").get("/key/info")
    assert caught.value.exit_code == 3
    assert "sk-secret" not in caught.value.message


def test_nobody_listening_is_a_sentence_with_a_next_step():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(SetupError, match="litemaas up"):
        Client(url, "sk-a").get("/key/info")


def test_something_else_than_litemaas_is_told(api):
    api.answer("GET", "/key/info", b"<html>")
    with pytest.raises(SetupError, match="not LiteMaaS"):
        Client(api.url, "sk-a").get("/key/info")


def test_an_answer_that_does_not_come_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(SetupError, match="did not answer"):
            Client(url, "sk-a", timeout=0.05).get("/key/info")


@pytest.mark.parametrize("url", ["ftp://host", "127.0.0.1:4000", "http://"])
def test_what_is_not_a_url_is_refused(url):
    with pytest.raises(SetupError, match="http://"):
        Client(url, "sk-a")


def test_a_key_that_cannot_be_a_header_is_refused_without_showing_it():
    with pytest.raises(SetupError) as caught:
        Client("http://127.0.0.1", "sk-secret\r\nX: y")
    assert "sk-secret" not in caught.value.message
