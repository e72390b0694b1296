import contextlib
import os
import sys

import pytest

from litemaas.cli.up.steps import Steps


def test_a_step_that_succeeded_gets_a_tick_with_its_seconds_and_detail(capsys):
    with Steps().step("Database") as step:
        step.detail = "up to date"
    line = capsys.readouterr().err
    assert line.strip().startswith("✔")
    assert line.endswith("0.0 s  Database up to date\n")


def test_a_step_that_failed_gets_none(capsys):
    with pytest.raises(RuntimeError), Steps().step("Database"):
        raise RuntimeError
    assert "✔" not in capsys.readouterr().err


def test_a_terminal_that_has_gone_away_ends_nothing(monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with contextlib.suppress(BrokenPipeError), os.fdopen(writer, "w", buffering=1) as broken:  # raised when it closes
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", broken)
            with Steps().step("Database"):
                Steps().say("still there")
        went_on = True
    assert went_on
