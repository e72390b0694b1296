from benchmarks.targets import judge


def verdicts(run):
    return {judgement.target.what: judgement.verdict for judgement in judge(run)}


def test_a_ratio_is_judged_against_its_bound(make):
    run = make.run([make.sample("nginx", cpu_us=20.0), make.sample("litemaas", cpu_us=45.0)])
    assert verdicts(run)["CPU per call / nginx, first aim"] == "reached"
    assert verdicts(run)["CPU per call / nginx, second aim"] == "not reached"


def test_a_lower_bound_is_reached_from_above(make):
    run = make.run([make.sample("litemaas", cpu_us=45.0), make.sample("litellm", cpu_us=4400.0)])
    assert verdicts(run)["CPU per call: LiteLLM / ours"] == "not reached"
    run = make.run([make.sample("litemaas", cpu_us=45.0), make.sample("portkey", cpu_us=4400.0)])
    assert verdicts(run)["CPU per call: Portkey / ours"] == "reached"


def test_what_was_not_measured_is_never_assumed(make):
    assert set(verdicts(make.run([make.sample("nginx")])).values()) == {"not measured in this run"}
    failed = make.run([make.sample("nginx"), make.sample("litemaas", load=make.load(refused=1))])
    assert verdicts(failed)["CPU per call / nginx, first aim"] == "not measured in this run"


def test_memory_is_judged_in_millions_of_bytes(make):
    assert verdicts(make.run([make.sample("litemaas")]))["memory of `up`, idle"] == "reached"
    assert (
        verdicts(make.run([make.sample("litemaas_serve")]))["memory of `serve --role gateway`, idle"] == "not reached"
    )


def test_a_start_is_judged_by_the_last_one(make):
    run = make.run([make.sample("litemaas_serve")], start_seconds=[9.0, 1.4])
    assert verdicts(run)["start to ready, database up"] == "reached"
