import json
import stat

import pytest
from click.testing import CliRunner

from factories import add_key
from litemaas.cli.moving import export, import_
from support.moving import SALT_KEY

CONFIG = """
model_list:
  - model_name: granite
    litellm_params: {model: openai/granite, api_base: "http://vllm/v1", api_key: sk-up, input_cost_per_token: 1e-6}
"""
PASSPHRASE = "a long passphrase"


@pytest.fixture
def run(home, tmp_path):
    """Runs a command on `home`; returns what it printed, or fails with what it complained of."""

    def run(command, *words, feed="", code=0, **variables):
        environment = {"DATABASE_URL": home.url, "LITEMAAS_SALT_KEY": SALT_KEY, "LITEMAAS_DATA_DIR": str(tmp_path)}
        result = CliRunner().invoke(command, words, input=feed, env=environment | variables)
        assert result.exit_code == code, result.stderr
        return result.stdout if code == 0 else result.stderr

    return run


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return str(path)


def test_a_configuration_comes_in_after_a_look_and_a_yes(run, config):
    printed = run(import_, "litellm", "--config", config, feed="y\n")
    assert "deployment" in printed
    again = json.loads(run(import_, "litellm", "--config", config, "--yes", "--json"))
    assert again["counts"]["deployment"] == {"unchanged": 1}


def test_who_does_not_say_yes_changes_nothing(run, config):
    run(import_, "litellm", "--config", config, feed="n\n", code=1)
    report = json.loads(run(import_, "litellm", "--config", config, "--dry-run", "--json"))
    assert report["dry_run"]
    assert report["counts"]["deployment"] == {"created": 1}


def test_a_lost_protection_is_shown_and_must_be_accepted_by_name(run, tmp_path):
    path = tmp_path / "guarded.yaml"
    path.write_text(CONFIG + "guardrails: [{guardrail_name: pii}]\n")
    complaint = run(import_, "litellm", "--config", str(path), "--yes", code=1)
    assert "--accept guardrails" in complaint
    run(import_, "litellm", "--config", str(path), "--yes", "--accept", "guardrails")


def test_a_configuration_may_come_by_standard_input(run):
    run(import_, "litellm", "--config", "-", "--yes", feed=CONFIG)


def test_a_database_is_named_by_a_variable_so_that_its_password_is_not_seen(run, litellm):
    run(import_, "litellm", "--database-env", "SOURCE", "--yes", SOURCE=litellm.url)


def test_a_password_on_the_command_line_gets_a_warning(run, home):
    complaint = run(import_, "litellm", "--database", "postgresql://u:secret@127.0.0.1:1/x", "--yes", code=1)
    assert "--database-env" in complaint
    assert "secret" not in complaint


@pytest.fixture
async def a_key(home):
    async with home.pool.acquire() as connection:
        await add_key(connection, "sk-1", alias="moved")


@pytest.mark.usefixtures("a_key")
def test_what_is_exported_can_be_imported(run, other_home, tmp_path):
    path = tmp_path / "all.jsonl"
    run(export, "--output", str(path), "--passphrase-env", "SEAL", SEAL=PASSPHRASE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    run(import_, str(path), "--yes", "--passphrase-env", "SEAL", SEAL=PASSPHRASE, DATABASE_URL=other_home.url)
    report = run(import_, "--yes", "--json", str(path), feed=PASSPHRASE + "\n", DATABASE_URL=other_home.url)
    assert json.loads(report)["counts"]["key"] == {"unchanged": 1}


def test_an_export_goes_to_standard_output_if_no_file_is_named(run):
    lines = run(export, "--secrets", "none").splitlines()
    assert [json.loads(lines[0])["line"], json.loads(lines[-1])["line"]] == ["header", "end"]


def test_a_short_passphrase_is_refused(run):
    run(export, feed="short\n", code=2)


def test_another_salt_key_is_refused_before_anything_is_written(run, config):
    complaint = run(import_, "litellm", "--config", config, "--yes", code=3, LITEMAAS_SALT_KEY="another")
    assert "LITEMAAS_SALT_KEY" in complaint


def test_without_a_database_it_says_what_to_name(run, config):
    complaint = run(import_, "litellm", "--config", config, "--yes", code=3, DATABASE_URL="", LITEMAAS_SALT_KEY="")
    assert "--data-dir" in complaint


@pytest.mark.parametrize(
    "words",
    [
        ("litellm",),
        ("litellm", "--config", "c", "--database", "postgresql://h/d"),
        ("litemaas",),
        ("litellm", "--config", "c", "--json"),
        ("litellm", "--database-env", "NOT_SET"),
    ],
)
def test_a_wrong_command_line_is_told_from_a_failure(run, words):
    run(import_, *words, code=2)


def test_a_file_that_is_none_is_named(run, config):
    assert config in run(import_, config, "--yes", code=1)
