"""What LiteLLM has and we do not, as findings: collected while its parts are read."""

from litemaas.domain.moving.entities import Finding, Protection, Verdict


class Findings(list[Finding]):
    """Findings about one source."""

    def refused(self, kind: str, name: str, reason: str) -> None:
        """Something that cannot be brought in."""
        self.append(Finding(verdict=Verdict.REFUSED, kind=kind, name=name, reason=reason))

    def noted(self, kind: str, name: str, reason: str) -> None:
        """Something that is brought in with other words."""
        self.append(Finding(verdict=Verdict.NOTED, kind=kind, name=name, reason=reason))

    def ignored(self, kind: str, name: str, reason: str = "We have no such thing.") -> None:
        """Something that protects nobody, and that we leave out."""
        self.append(Finding(verdict=Verdict.IGNORED, kind=kind, name=name, reason=reason))

    def lost(self, protection: Protection, kind: str, name: str, reason: str) -> None:
        """A protection that we do not have."""
        self.append(Finding(verdict=Verdict.LOST, kind=kind, name=name, reason=reason, protection=protection))
