import os
import subprocess
import sys

import pytest
from benchmarks import proc
from benchmarks.proc import Process


def test_a_stat_line_is_read_even_if_the_program_is_called_oddly():
    fields = ["S", "7", *["0"] * 9, "100", "20", "3", "4", *["0"] * 30]
    assert proc.parse_stat(f"42 (a (b) c d) {' '.join(fields)}") == Process(42, 7, "a (b) c d", 127)


def test_a_tree_is_a_process_and_all_its_descendants():
    parents = {1: 0, 10: 1, 11: 10, 12: 11, 20: 1}
    among = {pid: Process(pid, parent, "program", 0) for pid, parent in parents.items()}
    assert proc.tree(10, among) == {10, 11, 12}
    assert proc.tree(99, among) == set()


@pytest.fixture
def child():
    """A process that has used CPU time and waits."""
    code = "while __import__('time').process_time() < 0.1: pass\nprint('ready', flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.communicate(b"\n")


def test_a_child_is_found_with_its_cpu_time_and_memory(child):
    assert child.pid in proc.tree(os.getpid(), proc.processes())
    assert proc.cpu_seconds([child.pid]) >= 0.09
    memory = proc.memory([child.pid])
    assert 1_000_000 < memory.proportional <= memory.resident


def test_what_an_ended_child_used_stays_with_its_parent():
    before = proc.cpu_seconds([os.getpid()])
    subprocess.run([sys.executable, "-c", "while __import__('time').process_time() < 0.1: pass"], check=True)
    assert proc.cpu_seconds([os.getpid()]) - before >= 0.09


def test_a_process_that_has_ended_counts_nothing():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert proc.cpu_seconds([ended.pid]) == 0
    assert proc.memory([ended.pid]).resident == 0
    proc.pin([ended.pid], 0)


def test_processes_are_found_by_where_they_work(tmp_path):
    with subprocess.Popen(["cat"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        cat.stdin.write(b"ready\n")
        cat.stdin.flush()
        cat.stdout.readline()
        assert proc.working_in(tmp_path, proc.processes(), "cat") == {cat.pid}
        assert proc.working_in(tmp_path, proc.processes(), "dog") == set()
        assert proc.working_in(tmp_path / "elsewhere", proc.processes(), "cat") == set()
        cat.communicate()


def test_pinning_binds_a_process_to_one_cpu(child):
    cpu = max(os.sched_getaffinity(0))
    proc.pin([child.pid], cpu)
    assert os.sched_getaffinity(child.pid) == {cpu}


def test_the_cpus_have_been_busy_since_the_start():
    every = range(os.cpu_count())
    assert proc.busy_seconds(every) >= proc.busy_seconds([0]) > 0
