import importlib.util
import subprocess
import sys

import pytest

from litemaas.migrations import MigrationError, head_revision
from litemaas.migrations.revisions import VERSIONS, known_revisions, pending_revisions


def load(revision: str):
    (path,) = VERSIONS.glob(f"{revision}_*.py")
    spec = importlib.util.spec_from_file_location(f"revision_{revision}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_names_its_revision_and_follows_the_one_before():
    previous = None
    for revision in known_revisions():
        module = load(revision)
        assert module.revision == revision
        assert module.down_revision == previous
        previous = revision
    assert head_revision() == previous


def test_nothing_but_revisions_lies_among_the_versions():
    assert len(list(VERSIONS.glob("[0-9]*.py"))) == len(known_revisions())


def test_revisions_are_read_from_file_names_in_order(tmp_path):
    for name in ("0002_second.py", "0001_first.py", "__init__.py", "notes.txt", "0003_third.py.bak"):
        (tmp_path / name).touch()
    assert known_revisions(tmp_path) == ["0001", "0002"]


@pytest.mark.parametrize(
    ("current", "pending"), [(None, ["0001", "0002", "0003"]), ("0001", ["0002", "0003"]), ("0003", [])]
)
def test_what_comes_after_the_current_revision_is_pending(current, pending):
    assert pending_revisions(current, ["0001", "0002", "0003"]) == pending


def test_a_database_that_is_ahead_is_refused():
    with pytest.raises(MigrationError, match=r"at revision 0009, but this LiteMaaS knows revisions up to 0002"):
        pending_revisions("0009", ["0001", "0002"])


def test_the_server_can_ask_for_the_head_without_loading_alembic():
    script = (
        "import sys; from litemaas.migrations import head_revision; head_revision(); "
        "print([name for name in ('alembic', 'sqlalchemy') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
