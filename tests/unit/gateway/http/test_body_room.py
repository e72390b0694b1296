import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.errors import NoRoomError
from litemaas.gateway.http.body_room import BodyRoom


@given(st.integers(1, 100), st.lists(st.tuples(st.booleans(), st.integers(1, 150))))
def test_bodies_take_no_more_than_the_room_unless_one_is_alone(limit, steps):
    room, kept = BodyRoom(limit), []
    for arrives, size in steps:
        if arrives:
            try:
                room.take(size)
            except NoRoomError:
                assert kept
                assert sum(kept) + size > limit
            else:
                kept.append(size)
        elif kept:
            room.give_back(kept.pop(0))
        assert room.taken == sum(kept)
        assert sum(kept) <= limit or len(kept) == 1


def test_a_body_larger_than_the_room_is_taken_while_there_is_no_other():
    room = BodyRoom(10)
    room.take(20)
    with pytest.raises(NoRoomError):
        room.take(1)
