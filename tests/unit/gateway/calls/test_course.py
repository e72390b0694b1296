from uuid import uuid4

import msgspec
import pytest

from factories import admission_service, digest, issued_key, known, served_model
from litemaas.domain.admission import AdmissionService, Asked
from litemaas.domain.catalog.entities import Routing
from litemaas.domain.keys.entities import IssuedKey
from litemaas.domain.router import Router
from litemaas.domain.serving import ServedModel
from litemaas.gateway.calls.course import Course

ASKED = Asked("small", 40, max_output=10)


def deployed(name: str, count: int, **routing: object) -> ServedModel:
    """A model with so many deployments."""
    model = served_model(name, routing=Routing(**routing))
    (target,) = model.targets
    targets = [
        msgspec.structs.replace(target, deployment=msgspec.structs.replace(target.deployment, id=f"{name}-{number}"))
        for number in range(count)
    ]
    return msgspec.structs.replace(model, targets=tuple(targets))


class Setting:
    """A key, models, and the course of a call of the first one."""

    def __init__(self, *models: ServedModel, **key: object) -> None:
        self.key: IssuedKey = issued_key(**{"id": uuid4()} | key)
        self.snapshot = known(keys={"sk-test": self.key}, models=models)
        self.admissions: AdmissionService = admission_service(self.snapshot)
        self.router = Router(30)
        rights = self.admissions.rights(digest("sk-test"))
        self.course = Course(self.router, self.admissions.admit(rights, ASKED))

    async def fall_back(self, *models: str) -> str | None:
        """The model that stands in."""
        found = await self.course.fall_back(self.admissions, ASKED, models)
        return self.course.admission.permit.model.name if found else None

    def in_flight(self) -> list[int]:
        return [scope.in_flight for scope in self.admissions.scopes._scopes.values()]


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (2, 3), (5, 3)])
def test_a_call_is_tried_as_often_as_the_model_allows_and_it_has_deployments(retries, attempts):
    course = Setting(deployed("small", 3, retries=retries)).course
    seen = []
    while True:
        seen.append(course.try_place().target.deployment.id)
        course.failed()
        if not course.may_retry():
            break

    assert len(seen) == len(set(seen)) == course.attempts == attempts


async def test_retries_are_counted_anew_for_a_model_that_stands_in():
    setting = Setting(deployed("small", 2, retries=1), deployed("other", 3, retries=1))
    course = setting.course
    for _ in range(2):
        course.try_place()
        course.failed()
    assert not course.may_retry()

    assert await setting.fall_back("other") == "other"
    course.try_place()
    course.failed()
    assert course.may_retry()
    assert course.attempts == 3


async def test_falling_back_gives_back_what_the_call_held_before_it_takes_anew():
    setting = Setting(deployed("small", 1), deployed("other", 1), max_parallel_requests=1)
    before = setting.course.admission

    assert await setting.fall_back("other") == "other"
    assert before.settled
    assert setting.in_flight() == [1]
    assert setting.course.admission.started_at == before.started_at


async def test_a_call_that_nothing_stands_in_for_holds_nothing():
    setting = Setting(deployed("small", 1), deployed("other", 1), models=("small",), max_parallel_requests=1)
    setting.course.try_place()

    assert await setting.fall_back("other", "unknown") is None
    assert setting.in_flight() == [0]
    assert setting.course.place is None
    assert all(state.in_flight == 0 for state in setting.router._states.values())


async def test_models_left_over_come_after_those_of_the_model_that_stood_in():
    setting = Setting(*(deployed(name, 1) for name in ("small", "b", "c", "d")))

    assert await setting.fall_back("b", "c") == "b"
    assert setting.course.may_fall_back(())
    assert await setting.fall_back("d", "small") == "d"
    assert await setting.fall_back("b") == "c"
    assert await setting.fall_back("small") is None
    assert not setting.course.may_fall_back(())


async def test_a_model_that_nothing_serves_does_not_stand_in():
    setting = Setting(*(deployed(name, count) for name, count in (("small", 1), ("empty", 0), ("other", 1))))

    assert await setting.fall_back("empty", "other") == "other"


async def test_a_key_that_is_gone_falls_back_to_nothing():
    setting = Setting(deployed("small", 1), deployed("other", 1))
    setting.snapshot.keys.clear()
    setting.admissions.forget_idle()

    assert await setting.fall_back("other") is None
