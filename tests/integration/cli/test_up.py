import os
import shlex
import stat
from pathlib import Path

from support.processes import wait_for_end


def test_it_tells_where_and_with_what_to_call_it(start_up):
    running = start_up().until_ready()
    path = running.data_dir / "connection.json"
    assert set(running.connection) == {"url", "master_key", "admin_username", "admin_password", "virtual_key"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(running.data_dir.stat().st_mode) == 0o700
    for value in (running.connection[name] for name in ("url", "admin_username", "admin_password", "virtual_key")):
        assert value in running.output
    assert running.connection["master_key"] not in running.output + running.errors


def test_sigterm_stops_everything_and_takes_the_connection_back(start_up):
    running = start_up().until_ready()
    children = running.children()
    assert children
    assert running.stop() == 0
    for child in children:
        wait_for_end(child)
    assert not (running.data_dir / "connection.json").exists()
    assert "Stopped." in running.errors


def test_credentials_stay_the_same_over_starts(start_up):
    first = start_up().until_ready()
    connection = first.connection
    first.stop()
    (first.data_dir / "connection.json").unlink(missing_ok=True)
    second = start_up().until_ready().connection
    assert second | {"url": ""} == connection | {"url": ""}


def test_a_lost_virtual_key_is_issued_again(start_up):
    first = start_up().until_ready()
    connection = first.connection
    first.stop()
    (first.data_dir / "stand-in.json").unlink()  # another database
    second = start_up().until_ready().connection
    assert second["virtual_key"] != connection["virtual_key"]
    assert second["master_key"] == connection["master_key"]


def test_a_virtual_key_whose_text_was_lost_gives_its_alias_to_a_new_one(start_up):
    first = start_up().until_ready()
    lost = first.connection["virtual_key"]
    first.stop()
    secrets = first.data_dir / "secrets.json"
    secrets.write_text(secrets.read_text().replace('"virtual_key"', '"something_else"'))
    assert start_up().until_ready().connection["virtual_key"] != lost


def test_values_in_the_environment_win_and_are_not_stored(start_up):
    running = start_up({"LITELLM_MASTER_KEY": "sk-of-the-user", "UI_PASSWORD": "of-the-user"}).until_ready()
    assert running.connection["master_key"] == "sk-of-the-user"
    assert running.connection["admin_password"] == "of-the-user"
    assert "of-the-user" not in (running.data_dir / "secrets.json").read_text()


def test_a_second_up_on_the_same_folder_is_refused(start_up):
    first = start_up().until_ready()
    second = start_up()
    assert second.end() == 3
    assert f"process {first.process.pid}" in second.errors
    assert "--data-dir" in second.errors
    assert (first.data_dir / "connection.json").exists()


def test_a_taken_port_is_refused_with_a_sentence(start_up, data_dir):
    first = start_up().until_ready()
    port = int(first.connection["url"].rpartition(":")[2])
    second = start_up(port=port, data_dir=data_dir.with_name("other"))
    assert second.end() == 3
    assert f"Port {port} is taken" in second.errors
    assert "--port" in second.errors


def test_no_secret_stands_in_an_argument(start_up, database_url):
    running = start_up().until_ready()
    arguments = "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in running.children())
    environment = running.server["environment"]
    for variable in ("LITELLM_MASTER_KEY", "UI_PASSWORD", "LITEMAAS_SALT_KEY", "LITEMAAS_SESSION_KEY", "DATABASE_URL"):
        assert environment[variable]
        assert environment[variable] not in arguments
    assert environment["DATABASE_URL"] == database_url


def test_replicas_share_the_port_and_have_metrics_ports_of_their_own(start_up):
    running = start_up(replicas=3, metrics_port=20000).until_ready()
    lines = [Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in running.children()]
    ports = sorted(line[line.index("--metrics-port") + 1] for line in lines)
    assert ports == ["20000", "20001", "20002"]
    assert running.server["pid"] in running.children()


def test_it_serves_without_any_model_and_says_how_to_add_one(start_up):
    running = start_up().until_ready()
    assert "litemaas model add" in running.output
    assert running.client.get("/model/info") == {"data": []}


def test_the_printed_command_line_names_the_key_and_a_chat_model(start_up):
    running = start_up({"PATH": os.environ["PATH"]}, demo=True).until_ready()
    words = shlex.split(next(line for line in running.output.splitlines() if line.startswith("curl ")))
    assert words[1] == f"{running.connection['url']}/v1/chat/completions"
    assert f"Authorization: Bearer {running.connection['virtual_key']}" in words
    assert '"model": "tiny-chat"' in words[-1]


def test_the_supervisor_stays_small(start_up):
    running = start_up().until_ready()
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    resident_kb = int(status.partition("VmRSS:")[2].split()[0])
    assert resident_kb < 30_000
