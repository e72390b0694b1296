import socket

import pytest

from litemaas.cli.up.offers import is_demo, offered_by_demo, offered_by_upstreams


def test_the_demo_offers_what_it_announces():
    card = {"id": "gemma", "mode": "chat", "max_input_tokens": 100, "max_output_tokens": None}
    (offer,) = offered_by_demo({"url": "http://127.0.0.1:1/v1", "models": [card]})
    assert offer.bounds == {"max_input_tokens": 100}
    assert is_demo(offer.deployment_id)
    assert offer.prices == {"input_cost_per_token": "0.0000001", "output_cost_per_token": "0.0000004"}


def test_embeddings_cost_less_and_have_no_output():
    (offer,) = offered_by_demo({"url": "http://127.0.0.1:1/v1", "models": [{"id": "minilm", "mode": "embedding"}]})
    assert offer.prices == {"input_cost_per_token": "0.00000002", "output_cost_per_token": "0"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:{}", "http://127.0.0.1:{}/", "http://127.0.0.1:{}/v1"])
def test_an_upstream_that_does_not_answer_is_told(url):
    said = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert offered_by_upstreams([url.format(port)], said.append) == []
    assert "litemaas model add" in said[0]
