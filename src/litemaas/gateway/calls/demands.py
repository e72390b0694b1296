"""What a call wants beyond what its body says; most calls want nothing."""

from collections.abc import Callable

from msgspec import Struct

from litemaas.domain.serving import ServedModel


class Demands(Struct, frozen=True):
    """A call's demands.

    Attributes:
        deployment: The only one that may serve it, because what it speaks of is kept there; None: any.
        context_tokens: Tokens that the upstream adds to the prompt from what it has kept; they count in the hold.
        head_lines: Further header lines for the upstream, each ended by CR LF; their values have been checked.
        stands_in: Tells whether another model could stand in for the one asked for; None: any could.
    """

    deployment: str | None = None
    context_tokens: int = 0
    head_lines: str = ""
    stands_in: Callable[[ServedModel], bool] | None = None


NO_DEMANDS = Demands()
