"""The policies by name: which thresholds a kiosk's configuration, or a run on a folder of pictures, is judged by."""

from config.settings import Recognition
from recognition.verdict import Policy

ANY_WEIGHT_G = 1_000_000
"""Above whatever a scale here can show: no item is too heavy."""


def policy_of(settings: Recognition, demonstration: bool) -> Policy:
    """The policy that the configuration names.

    ``demonstration``: the intake is a twin, so the codes reserved for demonstrations are taken. ``barcode-only`` is for
    folders of pictures whose weights nobody knows: any retail code with a right check digit, restricted ranges too.
    """
    match settings.policy:
        case "weight-and-code":
            return Policy(
                name=settings.policy,
                glass_from_g=settings.glass_from_g,
                full_g=settings.full_g,
                refuses_demonstration=not demonstration,
            )
        case "barcode-only":
            return Policy(
                name=settings.policy,
                lightest_g=0,
                glass_from_g=settings.glass_from_g,
                full_g=ANY_WEIGHT_G,
                refuses_metal=False,
                refuses_restricted=False,
                refuses_demonstration=False,
            )
