import socket

from litemaas.storage.embedded_postgres.port import choose_port, free_port, keep_port


def test_a_kept_port_is_chosen_again(tmp_path):
    port = free_port()
    keep_port(tmp_path, port)
    assert choose_port(tmp_path) == port


def test_a_kept_port_that_is_in_use_is_not_chosen(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        keep_port(tmp_path, taken)
        assert choose_port(tmp_path) != taken


def test_a_damaged_record_of_the_port_is_ignored(tmp_path):
    (tmp_path / "port").write_text("")
    assert choose_port(tmp_path)


def test_ports_are_free_and_below_those_of_outgoing_connections():
    for port in {free_port() for _ in range(20)}:
        assert port < 32_768
        socket.create_server(("127.0.0.1", port)).close()
