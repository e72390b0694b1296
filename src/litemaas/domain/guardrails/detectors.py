"""Which detector a guardrail has. What is large is imported only for a guardrail that needs it."""

from litemaas.domain.guardrails.entities import Guardrail, Kind
from litemaas.domain.guardrails.findings import Detector


def detector_of(guardrail: Guardrail) -> Detector:
    """Make the detector of a guardrail; of personal data that takes seconds and 100 MB.

    Raises:
        GuardrailRefusedError: There can be none.
    """
    match guardrail.kind:
        case Kind.PATTERN:
            from litemaas.domain.guardrails.patterns import PatternDetector  # noqa: PLC0415 - see above

            return PatternDetector(guardrail.name, guardrail.patterns)
        case Kind.SECRETS:
            from litemaas.domain.guardrails.secrets import SecretDetector  # noqa: PLC0415

            return SecretDetector()
        case Kind.PERSONAL_DATA:
            from litemaas.domain.guardrails.personal_data import PersonalDataDetector  # noqa: PLC0415

            return PersonalDataDetector(guardrail.entities)
