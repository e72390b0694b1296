import os
import stat

import pytest

from litemaas.cli.errors import SetupError
from litemaas.cli.up.folder import DataFolder


def test_a_new_folder_is_for_its_owner_alone(tmp_path):
    DataFolder(tmp_path / "deep" / "data").close()
    assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700


def test_a_folder_that_was_there_is_closed_but_may_be_passed_through(tmp_path):
    tmp_path.chmod(0o755)
    DataFolder(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o711


def test_a_connection_that_was_left_behind_is_removed(tmp_path):
    (tmp_path / "connection.json").write_text("{}")
    DataFolder(tmp_path).close()
    assert not (tmp_path / "connection.json").exists()


def test_files_are_for_their_owner_alone_and_replaced_as_a_whole(tmp_path):
    folder = DataFolder(tmp_path)
    folder.write("secrets.json", {"a": "1"})
    folder.write("secrets.json", {"b": "2"})
    folder.close()
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert folder.read("secrets.json") == {"b": "2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "secrets.json"]


def test_a_folder_has_one_supervisor(tmp_path):
    folder = DataFolder(tmp_path)
    with pytest.raises(SetupError, match=f"process {os.getpid()}"):
        DataFolder(tmp_path)
    folder.close()
    DataFolder(tmp_path).close()


def test_a_file_where_the_folder_should_be_is_a_sentence(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(SetupError, match="--data-dir"):
        DataFolder(tmp_path / "data")


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_damaged_file_is_not_replaced_by_new_secrets(tmp_path, content):
    folder = DataFolder(tmp_path)
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(SetupError, match="restore it"):
        folder.read("secrets.json")
    folder.close()


def test_a_marker_is_new_once(tmp_path):
    folder = DataFolder(tmp_path)
    assert [folder.is_first_time("shown"), folder.is_first_time("shown")] == [True, False]
    folder.close()
