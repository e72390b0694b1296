"""What processes hold of the machine's memory, as a limit on their container would count it."""

from pathlib import Path

_KIBIBYTE = 1024


def held_by(first: int) -> int:
    """Bytes that a process and its descendants hold; what they share with one another is counted once.

    What only one of them maps is its own. Of what is shared, with each other or with a stranger that runs the same
    program, the share of the process that has touched most of it stands for all.
    """
    sizes = [_sizes(pid) for pid in _family(first)]
    own = sum(size["Private_Clean"] + size["Private_Dirty"] for size in sizes)
    return own + max(size["Shared_Clean"] + size["Shared_Dirty"] for size in sizes)


def _family(first: int) -> list[int]:
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *(pid for child in children for pid in _family(int(child)))]


def _sizes(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    fields = (line.split() for line in lines)
    return {name.rstrip(":"): int(amount) * _KIBIBYTE for name, amount, _unit in fields}
