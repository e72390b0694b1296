import socket

import pytest

from litemaas.cli.errors import SetupError
from litemaas.cli.up.listening import listen, url_of


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "[::1]")])
def test_it_listens_and_says_where(host, shown):
    try:
        listener = listen(host, 0)
    except SetupError:
        pytest.skip(f"no {host} on this machine")
    with listener:
        assert url_of(listener) in {f"http://{name}:{listener.getsockname()[1]}" for name in (shown, "[::1]")}
        with socket.create_connection(listener.getsockname()[:2]):
            pass


def test_a_taken_port_is_a_sentence_that_names_the_option():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is taken.*--port"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_a_sentence_that_names_the_option(host):
    with pytest.raises(SetupError, match="--host"):
        listen(host, 0)
