"""The course of one call through deployments: where it is, which have failed it, which models have stood in."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from litemaas.domain.admission import Admission, AdmissionService, Asked
from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.router import NoDeploymentError, Place, Router
from litemaas.domain.serving import ServedModel, Target
from litemaas.gateway.calls.demands import NO_DEMANDS, Demands


class Course(Struct, eq=False):
    """Where one admitted call goes.

    Attributes:
        router: Chooses deployments.
        admission: By which it runs: for the model asked for, or for one that stands in.
        place: At the deployment that serves it; None: none does at the moment.
        attempts: Deployments that it was sent to.
        tried: Those of the model that failed it.
        stood_in: Models that it had before this one.
        left: Models that may stand in next.
        demands: What the call wants of deployments and models.
    """

    router: Router
    admission: Admission
    place: Place | None = None
    attempts: int = 0
    tried: tuple[str, ...] = ()
    stood_in: tuple[str, ...] = ()
    left: Sequence[str] = ()
    demands: Demands = NO_DEMANDS

    def heed(self, demands: Demands) -> None:
        """Go only where `demands` let the call go."""
        self.demands = demands
        if demands.deployment is not None:
            ids = (target.deployment.id for target in self.admission.permit.model.targets)
            self.tried = tuple(one for one in ids if one != demands.deployment)

    def first_target(self) -> Target:
        """The deployment that a call is booked on which none serves.

        Raises:
            NoDeploymentError: There is none.
        """
        model = self.admission.permit.model
        if not model.targets:
            raise NoDeploymentError(f"Nothing serves the model {model.name!r} at the moment. Try again later.")
        return model.targets[0]

    def try_place(self) -> Place | None:
        """A place at a deployment that has not failed the call; None: it has to wait for one.

        Raises:
            NoDeploymentError: None is left.
        """
        admission = self.admission
        place = self.router.try_place(admission.permit.model, admission.reserved, self.tried)
        if place is not None:
            self.place = place
            self.attempts += 1
        return place

    async def wait(self) -> Place:
        """Wait for a place, in line with the other calls of the same tenant: team, else user, else key.

        Raises:
            ParallelRequestsError, NoDeploymentError: There is none.
        """
        admission = self.admission
        key = admission.rights.key
        tenant = (key.team_id or key.user_id or str(key.id)) if key else ""
        self.place = place = await self.router.wait(admission.permit.model, admission.reserved, tenant, self.tried)
        self.attempts += 1
        return place

    def failed(self, tokens: int = 0, *, blamed: bool = True) -> None:
        """Leave the deployment, which failed the call after it used `tokens`, for good.

        Args:
            tokens: Of input and output.
            blamed: It brings the deployment's cooldown nearer.
        """
        place = self.place
        if place is not None:
            if blamed:
                routing = self.admission.permit.model.group.routing
                place.state.failed(self.router.monotonic(), routing.allowed_fails, routing.cooldown_seconds)
            self.tried = (*self.tried, place.target.deployment.id)
            self.leave(tokens)

    def may_retry(self) -> bool:
        """Tell whether the model's retries are not used up and another deployment is left."""
        model = self.admission.permit.model
        failed = len(self.tried)
        return failed <= model.group.routing.retries and failed < len(model.targets)

    def may_fall_back(self, models: Sequence[str]) -> bool:
        """Tell whether `models`, or what is left of those that could stand in earlier, name any model to try."""
        return self.demands.deployment is None and bool(models or self.left)

    async def fall_back(self, admissions: AdmissionService, asked: Asked, models: Sequence[str]) -> bool:
        """Go on with the first of `models`, else of those left from earlier, that the key may call as well.

        That counts as a call of its own: what the call held is given back first, and it may wait for money.

        Returns:
            False if there is none; the call holds nothing any more.
        """
        self.leave(0)
        failed = self.admission
        admissions.release(failed)
        self.left = (*models, *self.left)
        while self.left:
            name, *self.left = self.left
            try:
                rights = admissions.rights(failed.rights.digest)  # they may have changed since
                model = rights.permit(name).model
                had = (*self.stood_in, self.admission.permit.model.name)
                if model.name in had or not model.targets or not self._may_stand_in(model):
                    continue
                self.stood_in = had
                self.admission = await admissions.admit_patiently(rights, replace(asked, model=name))
            except LiteMaaSError:
                continue
            self.admission.started_at = failed.started_at
            self.tried = ()
            return True
        return False

    def _may_stand_in(self, model: ServedModel) -> bool:
        return self.demands.stands_in is None or self.demands.stands_in(model)

    def leave(self, tokens: int) -> None:
        """Give up the place, if there is one, after a call that used `tokens`."""
        place = self.place
        if place is not None:
            self.place = None
            self.router.leave(place, tokens)
