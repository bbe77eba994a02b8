"""What the page says of an answer that is not the usual stylist's, or not all of it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from registry.inference import OUTPUT_VIOLATIONS, HeldBackError


@dataclass(frozen=True)
class Notice:
    """`code` names the note of the page that is shown for it."""

    code: str
    message: Promise


BUILT_IN = Notice(
    "builtin",
    gettext_lazy(
        "The usual stylist is resting. Our built-in one dressed you: same clothes, plainer words."
    ),
)
HELD_BACK = Notice(
    "held_back",
    gettext_lazy(
        "The stylist’s outfit did not pass our checks. Our built-in one dressed you: same clothes, plainer words."
    ),
)
BROKE_OFF = Notice(
    "broke_off",
    gettext_lazy(
        "The stylist’s answer could not be read. Our built-in one dressed you: same clothes, plainer words."
    ),
)
REWORDED = Notice(
    "reworded",
    gettext_lazy(
        "The stylist chose the pieces. Its words broke off or were not true, so our built-in one wrote these."
    ),
)
STARTED_AGAIN = gettext_lazy("Started again.")
RESTARTED = gettext_lazy("The stylist was set back to an earlier version; this is its answer.")


def find_notice(fault: str) -> Notice:
    """Why the built-in stylist answers, by the code of what the usual one did."""
    if fault == HeldBackError.code:
        return HELD_BACK
    is_away = bool(settings.VLLM_BASE_URL) and fault not in {*OUTPUT_VIOLATIONS, "internal"}
    return BUILT_IN if is_away else BROKE_OFF
