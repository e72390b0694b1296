import pytest
from benchmarks.__main__ import main, plan_run
from click.testing import CliRunner


def test_an_unknown_contender_is_refused_with_the_names_of_all():
    ran = CliRunner().invoke(main, ["--only", "litemaas,apache"])
    assert ran.exit_code == 2
    assert "apache: the contenders are" in ran.output
    assert "nginx" in ran.output


def test_the_command_that_repeats_a_run_names_its_contenders():
    plan = plan_run(quick=True, rounds=3, seconds=4, chosen=("litemaas", "nginx"), seed=1, write=False)
    assert plan.arguments == ["--quick", "--only", "litemaas,nginx", "--seed", "1"]


@pytest.mark.parametrize(("quick", "least"), [(True, 30), (False, 100)])
def test_a_plan_knows_how_many_steps_there_are(quick, least):
    assert plan_run(quick=quick, rounds=3, seconds=4, chosen=(), seed=1, write=False).steps > least
