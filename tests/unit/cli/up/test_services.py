import json
import select
import sys

import pytest

from litemaas.cli.errors import CommandError
from litemaas.cli.up.children import start_announcing_on_output
from litemaas.cli.up.services import Service

READY = "print('{}', flush=True); "
WAIT = "import sys; sys.stdin.read()"


class Story:
    """A service whose child is another program at each start."""

    def __init__(self, *programs, is_required=True):
        self.said = []
        self.children = []
        self._programs = list(programs)
        self.service = Service("The child", self._start, self.said.append, is_required=is_required)

    def _start(self):
        program = self._programs.pop(0) if len(self._programs) > 1 else self._programs[0]
        self.children.append(start_announcing_on_output([sys.executable, "-I", "-S", "-c", program]))
        return self.children[-1]

    def tend(self, now):
        """Tend when something has happened, or at once if nothing runs."""
        due = self.service.tend(now)
        if self.service.descriptors:
            select.select(self.service.descriptors, [], [], 30)
            if not self.service.is_ready:
                due = self.service.tend(now)
        return due

    def end_child(self):
        self.service.kill()
        assert self.service.ended_within(30)

    def until_ended(self, now):
        self.service.tend(now)
        assert self.service.ended_within(30)
        return self.service.tend(now)


@pytest.fixture
def story():
    stories = []

    def begin(*programs, **options):
        stories.append(Story(*programs, **options))
        return stories[-1]

    yield begin
    for one in stories:
        one.end_child()
        one.service.close()


def test_a_child_is_ready_when_it_says_so(story):
    one = story(f"print('{json.dumps({'url': 'u'})}', flush=True); {WAIT}")
    one.tend(0)
    assert one.service.is_ready
    assert one.service.announced == {"url": "u"}
    assert one.service.descriptors == ()


def test_pauses_grow_while_a_child_that_once_worked_keeps_ending(story):
    one = story(READY + WAIT, "raise SystemExit(7)")
    one.tend(0.0)
    one.end_child()
    now, pauses = 0.0, []
    for _ in range(8):
        due = one.until_ended(now)
        pauses.append(due - now)
        now = due
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert "was ended by SIGKILL" in one.said[0]
    assert "exit code 7" in one.said[1]


def test_a_child_that_worked_for_long_is_started_again_after_the_shortest_pause(story):
    one = story(READY + WAIT)
    now = 0.0
    for _ in range(3):
        one.tend(now)
        one.end_child()
        now += 1000
        due = one.service.tend(now)
        assert due - now == 0.5
        now = due
    assert one.said.count("The child is back.") == 2


def test_before_its_time_nothing_is_started(story):
    one = story(READY + WAIT)
    one.tend(0)
    one.end_child()
    due = one.service.tend(1)
    assert one.service.tend(due - 0.1) == due
    assert len(one.children) == 1


def test_three_failed_starts_are_enough(story):
    one = story("raise SystemExit(7)")
    now = one.until_ended(0)
    now = one.until_ended(now)
    with pytest.raises(CommandError, match="exit code 7 3 times"):
        one.until_ended(now)


def test_an_announced_error_is_final_at_the_first_start(story):
    one = story('print(\'{"error": "The salt key is wrong."}\', flush=True)')
    with pytest.raises(CommandError, match="salt key is wrong"):
        one.tend(0)


def test_an_announced_error_of_a_later_start_is_told_and_tried_again(story):
    one = story(READY + WAIT, 'print(\'{"error": "The database is away."}\', flush=True)')
    one.tend(0)
    one.end_child()
    due = one.service.tend(0)
    assert one.until_ended(due) > due
    assert "The database is away." in one.said


def test_what_is_not_required_is_given_up_at_once(story):
    one = story("raise SystemExit(3)", is_required=False)
    assert one.until_ended(0) is None
    assert one.service.has_given_up
    assert one.service.tend(1000) is None
    assert len(one.children) == 1


def test_a_child_that_never_says_anything_is_ended(story):
    one = story(WAIT)
    due = one.service.tend(0)
    assert one.service.tend(due) is None
    assert one.service.ended_within(30)
    assert "did not get ready" in one.said[0]
