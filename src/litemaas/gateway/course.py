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

    __slots__ = ("_fallen_back", "_router", "_tried", "admission", "attempts", "place")

    def __init__(self, router: Router, admission: Admission) -> None:
        self._router = router
        self._tried: tuple[str, ...] = ()
        self._fallen_back: tuple[str, ...] = ()
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

    def failed(self) -> None:
        """Note that the deployment failed the call, and leave it."""
        place = self.place
        if place is not None:
            routing = self.admission.permit.model.group.routing
            place.state.failed(self._router.monotonic(), routing.allowed_fails, routing.cooldown_seconds)
            self._tried = (*self._tried, place.target.deployment.id)
            self.leave(0)

    def may_retry(self) -> bool:
        """Tell whether the model's retries are not used up and another deployment is left."""
        model = self.admission.permit.model
        return self.attempts <= model.group.routing.retries and len(self._tried) < len(model.targets)

    def fall_back(self, admissions: AdmissionService, asked: Asked, models: Sequence[str]) -> bool:
        """Go on with the first of `models` that the key may call as well; that counts as a call of its own.

        Returns:
            False if there is none; the call still runs by its old admission.
        """
        for name in models:
            if name in self._fallen_back:
                continue
            self._fallen_back = (*self._fallen_back, name)
            try:
                other = admissions.admit(self.admission.rights, asked._replace(model=name))
            except LiteMaaSError:
                continue
            if other is not None:
                self.leave(0)
                admissions.release(self.admission)
                self.admission = other
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
