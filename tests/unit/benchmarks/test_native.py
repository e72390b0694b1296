import subprocess

import pytest
from benchmarks import native


def test_a_missing_tool_is_named_with_the_command_that_installs_it():
    with pytest.raises(native.MissingToolError, match=r"no-such-tool is not installed.*apt-get install"):
        native.require("no-such-tool")


def test_a_source_is_compiled_once(compiler, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    program = native.build("open_loop")
    compiled = program.stat().st_mtime_ns
    assert native.build("open_loop") == program
    assert program.stat().st_mtime_ns == compiled
    assert subprocess.run([program], check=False, capture_output=True).returncode == 2
