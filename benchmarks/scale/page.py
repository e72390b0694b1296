"""The page `docs/performance_scale.md`: the figures at scale, and how to get them again."""

from datetime import UTC, datetime

from benchmarks.page import markdown, preamble
from benchmarks.results import Machine
from benchmarks.scale.findings import Finding, findings_table

METHOD = {
    "keys": """\
Each key has a budget of its own; there is a user for every five keys and a team for every hundred. The snapshot is
loaded with the database on another CPU, as a replica does when it starts. A block is timed from asking one of three
replicas for it until the last of them has refused a call with the key; each is called again 5 ms after its answer.""",
    "models": """\
Two replicas on databases of their own, one with a single model, one with all, get the same load in turn: 32
connections, 2 s, seven rounds; the ratio is the median of the rounds. Then every model is called once, and what the
replica tells of them is read. Metrics have labels for models, deployments and statuses, never for keys, users or
teams.""",
    "streams": """\
Each stream has 52 events, one each tenth of a second; as soon as it ends, its caller asks again, for 15 s. The
upstream needs a tenth of a second for its first event, so `direct` shows what is not the gateway's. One process of
LiteMaaS on one CPU, with key, budget and limits.""",
    "ledger": """\
Calls of 3,000 keys over a year, written by SQL into the ledger's own partitions; the rollups are made by the same
rebuild as `litemaas ledger rebuild`. Two readers ask a replica over HTTP what the usage pages ask it, each question
30 times for each filter and span that the pages offer, and `/user/daily/activity`, while new calls come in.""",
}


def write_page(parts: dict[str, list[Finding]], machine: Machine) -> str:
    """Return the whole page."""
    figures = [
        f"## {part[0].upper()}{part[1:]}\n\n{markdown(findings_table(part, found))}\n\n{METHOD[part]}"
        for part, found in parts.items()
    ]
    run = [
        f"- Date: {datetime.now(UTC).date().isoformat()}. Command: `python -m benchmarks.scale {' '.join(parts)}`.",
        f"- Machine: {machine.cpu}, {machine.cores} CPUs, {machine.memory_gb:g} GB; {machine.kernel}.",
        f"- Tools: Python {machine.python}; {machine.wrk}; {machine.compiler}.",
    ]
    return (
        "\n\n".join(
            [
                "# Performance at scale",
                preamble("make bench-scale SCALE=--write"),
                *figures,
                "## This run",
                "\n".join(run),
            ]
        )
        + "\n"
    )
