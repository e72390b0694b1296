"""The course of one call through deployments: where it is, which have failed it, which models have stood in."""

from collections.abc import Sequence

from litemaas.domain.admission import Admission, AdmissionService, Asked
from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.router import Place, Router


class Course:
    """Where one admitted call goes.

    Attributes:
        admission: By which it runs: for the model asked for, or for one that stands in.
        place: At the deployment that serves it; None: none does at the moment.
        attempts: Deployments that it was sent to.
    """

    __slots__ = ("_left", "_models", "_router", "_tried", "admission", "attempts", "place")

    def __init__(self, router: Router, admission: Admission) -> None:
        self._router = router
        self._tried: tuple[str, ...] = ()
        self._left: Sequence[str] = ()
        self._models = {admission.permit.model.name}
        self.admission = admission
        self.place: Place | None = None
        self.attempts = 0

    def try_place(self) -> Place | None:
        """A place at a deployment that has not failed the call; None: it has to wait for one.

        Raises:
            NoDeploymentError: None is left.
        """
        admission, router = self.admission, self._router
        model = admission.permit.model
        if router.waiting(model.name):
            return None
        return self._enter(router.try_place(model, admission.reserved, self._tried))

    async def wait(self) -> Place:
        """Wait for a place, in line with the other calls of the same tenant: team, else user, else key.

        Raises:
            ParallelRequestsError, NoDeploymentError: There is none.
        """
        admission = self.admission
        key = admission.rights.key
        tenant = (key.team_id or key.user_id or str(key.id)) if key else ""
        model = admission.permit.model
        place = await self._router.wait(model, admission.reserved, tenant, self._tried)
        self._enter(place)
        return place

    def failed(self, tokens: int = 0) -> None:
        """Note that the deployment failed the call after it used `tokens`, and leave it."""
        place = self.place
        if place is not None:
            routing = self.admission.permit.model.group.routing
            place.state.failed(self._router.monotonic(), routing.allowed_fails, routing.cooldown_seconds)
            self._tried = (*self._tried, place.target.deployment.id)
            self.leave(tokens)

    def may_retry(self) -> bool:
        """Tell whether the model's retries are not used up and another deployment is left."""
        model = self.admission.permit.model
        failed = len(self._tried)
        return failed <= model.group.routing.retries and failed < len(model.targets)

    def may_fall_back(self, models: Sequence[str]) -> bool:
        """Tell whether `models`, or what is left of those that could stand in earlier, name any model to try."""
        return bool(models or self._left)

    async def fall_back(self, admissions: AdmissionService, asked: Asked, models: Sequence[str]) -> bool:
        """Go on with the first of `models`, else of those left from earlier, that the key may call as well.

        That counts as a call of its own: what the call held is given back first, and it may wait for money.

        Returns:
            False if there is none; the call holds nothing any more.
        """
        self.leave(0)
        failed = self.admission
        admissions.release(failed)
        self._left = (*models, *self._left)
        while self._left:
            name, *self._left = self._left
            try:
                rights = admissions.rights(failed.rights.digest)  # they may have changed since
                model = rights.permit(name).model
                if model.name in self._models or not model.targets:
                    continue
                self._models.add(model.name)
                self.admission = await admissions.admit_patiently(rights, asked._replace(model=name))
            except LiteMaaSError:
                continue
            self.admission.started_at = failed.started_at
            self._tried = ()
            return True
        return False

    def leave(self, tokens: int) -> None:
        """Give up the place, if there is one, after a call that used `tokens`."""
        if self.place is not None:
            self.place.leave(tokens)
            self.place = None

    def _enter(self, place: Place | None) -> Place | None:
        if place is not None:
            self.place = place
            self.attempts += 1
        return place
